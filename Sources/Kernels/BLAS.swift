internal import CKernels
internal import COpenBLAS
import Glibc

/// The linear-algebra library underneath, and which of its cores it chose.
///
/// OpenBLAS picks kernels for the processor when it is loaded, and old versions take new processors
/// for ancient ones: a tenth of the speed. `OPENBLAS_CORETYPE` corrects that, but only if it is in
/// the environment before the program starts; hence ``reexecutionEnvironment``.
public enum BLAS {
    /// The core OpenBLAS runs on, e.g. `Haswell`.
    public static var coreName: String {
        guard let name = unsafe openblas_get_corename() else { return "" }
        return unsafe String(cString: name)
    }

    /// The fastest core that this processor can run, by its features: `SkylakeX` with AVX-512,
    /// `Haswell` with AVX2 and FMA, and empty (leave the choice to OpenBLAS) otherwise.
    public static var recommendedCoreType: String {
        switch ck_processor_level() {
        case 4: "SkylakeX"
        case 3: "Haswell"
        default: ""
        }
    }

    /// Whether this process should start itself again with ``reexecutionEnvironment``: it runs on
    /// another core than it could, and nobody has chosen one.
    public static var shouldReexecute: Bool {
        let wanted = recommendedCoreType
        let chosen = unsafe getenv("OPENBLAS_CORETYPE") != nil
        return !wanted.isEmpty && coreName != wanted && !chosen
    }

    /// Variables to set before `execv`. OpenBLAS stays on one thread: ``WorkerPool`` shares out
    /// the rows, in threads that flush denormals.
    public static var reexecutionEnvironment: [String: String] {
        var environment = ["OPENBLAS_NUM_THREADS": "1"]
        if !recommendedCoreType.isEmpty {
            environment["OPENBLAS_CORETYPE"] = recommendedCoreType
        }
        return environment
    }
}
