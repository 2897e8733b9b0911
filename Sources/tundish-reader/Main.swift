// The reader process: a document on standard input, frames on standard output.
import Documents
