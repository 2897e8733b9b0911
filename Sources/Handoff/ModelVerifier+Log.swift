internal import MerkleLog

extension ModelVerifier {
    /// A verifier that reads C2SP tlog-proof text.
    ///
    /// - Parameter trusted: the log's vkey; nil checks that everything fits together and says that
    ///   the signer is unknown.
    public init(trusted: String?, companions: Set<String> = ["README.md", "LICENSE"]) {
        self.init(trusted: trusted, companions: companions) { bytes, leafHash, vkey in
            let proof = try TLogProof(bytes)
            guard let vkey else {
                let checkpoint = try Checkpoint(text: proof.note.text)
                try MerkleTree.verifyInclusion(
                    leafHash: leafHash, index: proof.index, size: checkpoint.size,
                    path: proof.path, root: checkpoint.root)
                return InclusionReport(
                    origin: checkpoint.origin, index: proof.index, size: checkpoint.size,
                    isSigned: false)
            }
            let checkpoint = try proof.verify(leafHash: leafHash, logKey: try VerifierKey(vkey))
            return InclusionReport(
                origin: checkpoint.origin, index: proof.index, size: checkpoint.size,
                isSigned: true)
        }
    }
}
