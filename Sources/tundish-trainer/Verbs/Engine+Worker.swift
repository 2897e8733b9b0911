import EngineProtocol
import Records
import Training

extension Engine {
    /// Loads a model once and answers jobs until standard input ends.
    ///
    /// A job that cannot be done is refused by name; the worker goes on.
    func work(
        _ request: EngineRequest, _ client: EngineClient, _ input: InputLines
    ) throws -> JSONValue {
        let session = try ModelSession(request, client)
        begin(request, labels: session.model.labels)
        var count = 0
        while let line = input.line() {
            guard !line.isEmpty else { continue }
            let job = try EngineJob(line: line)
            do {
                _ = try session.answer(job) { events.write($0, job: job.job) }
                events.write(.answered, job: job.job)
            } catch {
                let failure = EngineFailure(error)
                events.write(
                    .refused(code: failure.code, message: failure.message, hint: failure.hint),
                    job: job.job)
            }
            count += 1
        }
        return ["jobs": .integer(count)]
    }
}
