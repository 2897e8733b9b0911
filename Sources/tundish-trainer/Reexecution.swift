import Glibc
import Kernels

/// Starts this program again where OpenBLAS took the processor for an older one.
///
/// `OPENBLAS_CORETYPE` counts only if it is set before the library is loaded. The parent sets it;
/// started by hand, or by another parent, the process replaces itself once: with the variable set,
/// ``BLAS/shouldReexecute`` is false.
enum Reexecution {
    static func runIfNeeded() {
        guard BLAS.shouldReexecute else { return }
        for (name, value) in BLAS.reexecutionEnvironment { unsafe setenv(name, value, 1) }
        var arguments = unsafe CommandLine.arguments.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        unsafe execv("/proc/self/exe", arguments)
        // Only a failed execv comes here: slower, but it works.
    }
}
