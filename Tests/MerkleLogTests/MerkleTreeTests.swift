import Cryptography
import MerkleLog
import Testing

@Suite struct MerkleTreeTests {
    static let log = LogFixture(size: 100)

    /// The tree of certificate-transparency's reference tests: eight leaves, roots of every size.
    @Test func publishedRoots() {
        let entries = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ].map { [UInt8](hex: $0) }
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        for size in 0...8 {
            let leaves = entries.prefix(size).map(MerkleTree.leafHash)
            #expect(MerkleTree.root(leafHashes: leaves).hex == roots[size])
        }
    }

    @Test func leafAndNodeAreNotConfused() {
        #expect(MerkleTree.emptyRoot == SHA256.hash([]))
        #expect(MerkleTree.leafHash([]) == SHA256.hash([0]))
        let left = SHA256.hash([1])
        let right = SHA256.hash([2])
        #expect(MerkleTree.nodeHash(left, right) == SHA256.hash([1] + left + right))
        #expect(MerkleTree.leafHash(left + right) != MerkleTree.nodeHash(left, right))
    }

    @Test func rootsOfEverySize() throws {
        var frontier = MerkleFrontier()
        for size in 0...100 {
            let leaves = Self.log.leaves.prefix(size)
            let root = NaiveTree.root(leaves)
            #expect(MerkleTree.root(leafHashes: leaves) == root)
            #expect(frontier.root == root)
            #expect(frontier.size == size)
            #expect(try MerkleFrontier(size: size, peaks: frontier.peaks) == frontier)
            #expect(try StoredHashes.root(size: size, reader: Self.log.read) == root)
            #expect(try StoredHashes.frontier(size: size, reader: Self.log.read) == frontier)
            if size < 100 { frontier.append(leafHash: Self.log.leaves[size]) }
        }
    }

    @Test func inclusionOfEveryLeafInEverySize() throws {
        for size in 1...100 {
            let leaves = Array(Self.log.leaves.prefix(size))
            let root = NaiveTree.root(leaves[...])
            for index in 0..<size {
                let path = try StoredHashes.inclusionPath(
                    of: index, size: size, reader: Self.log.read)
                #expect(path == NaiveTree.path(index, leaves[...]))
                try MerkleTree.verifyInclusion(
                    leafHash: leaves[index], index: index, size: size, path: path, root: root)
                if size <= 20 {
                    #expect(try MerkleTree.inclusionPath(of: index, in: leaves) == path)
                }
            }
        }
    }

    @Test func consistencyOfEveryPair() throws {
        let roots = (0...100).map { NaiveTree.root(Self.log.leaves.prefix($0)) }
        for new in 0...100 {
            let leaves = Array(Self.log.leaves.prefix(new))
            for old in 0...new {
                let path = try StoredHashes.consistencyPath(
                    from: old, to: new, reader: Self.log.read)
                #expect(path == NaiveTree.proof(old, leaves[...]))
                try MerkleTree.verifyConsistency(
                    oldSize: old, oldRoot: roots[old], newSize: new, newRoot: roots[new],
                    path: path)
                if new <= 20 {
                    #expect(try MerkleTree.consistencyPath(from: old, in: leaves) == path)
                }
            }
        }
    }

    @Test func everyChangeToAnInclusionProofIsNoticed() throws {
        for size in 1...17 {
            let leaves = Array(Self.log.leaves.prefix(size))
            let root = MerkleTree.root(leafHashes: leaves)
            for index in 0..<size {
                let path = try MerkleTree.inclusionPath(of: index, in: leaves)
                func verify(
                    leaf: [UInt8]? = nil, index i: Int? = nil, size n: Int? = nil,
                    path p: [[UInt8]]? = nil, root r: [UInt8]? = nil
                ) -> MerkleLogError.Code? {
                    code {
                        try MerkleTree.verifyInclusion(
                            leafHash: leaf ?? leaves[index], index: i ?? index, size: n ?? size,
                            path: p ?? path, root: r ?? root)
                    }
                }
                #expect(verify() == nil)
                #expect(verify(leaf: SHA256.hash([9])) == .proofMismatch)
                #expect(verify(root: SHA256.hash([9])) == .proofMismatch)
                #expect(verify(path: path + [root]) == .proofMismatch)
                #expect(verify(index: size) == .outOfRange)
                #expect(verify(index: -1) == .outOfRange)
                #expect(verify(leaf: [1, 2]) == .malformedHash)
                #expect(verify(path: path + [[]]) == .malformedHash)
                for other in 0..<size where other != index {
                    #expect(verify(index: other) == .proofMismatch)
                }
                for place in path.indices {
                    var changed = path
                    changed[place][3] ^= 1
                    #expect(verify(path: changed) == .proofMismatch)
                    changed.remove(at: place)
                    #expect(verify(path: changed) == .proofMismatch)
                }
            }
        }
    }

    @Test func everyChangeToAConsistencyProofIsNoticed() throws {
        for new in 1...17 {
            let leaves = Array(Self.log.leaves.prefix(new))
            let newRoot = MerkleTree.root(leafHashes: leaves)
            for old in 0...new {
                let oldRoot = MerkleTree.root(leafHashes: leaves.prefix(old))
                let path = try MerkleTree.consistencyPath(from: old, in: leaves)
                func verify(
                    old o: Int? = nil, oldRoot r: [UInt8]? = nil, newRoot s: [UInt8]? = nil,
                    path p: [[UInt8]]? = nil
                ) -> MerkleLogError.Code? {
                    code {
                        try MerkleTree.verifyConsistency(
                            oldSize: o ?? old, oldRoot: r ?? oldRoot, newSize: new,
                            newRoot: s ?? newRoot, path: p ?? path)
                    }
                }
                #expect(verify() == nil)
                #expect(verify(oldRoot: SHA256.hash([9])) == .proofMismatch)
                if old > 0 { #expect(verify(newRoot: SHA256.hash([9])) == .proofMismatch) }
                #expect(verify(path: path + [newRoot]) == .proofMismatch)
                #expect(verify(old: new + 1) == .outOfRange)
                #expect(verify(old: -1) == .outOfRange)
                for place in path.indices {
                    var changed = path
                    changed[place][3] ^= 1
                    #expect(verify(path: changed) == .proofMismatch)
                    changed.remove(at: place)
                    #expect(verify(path: changed) == .proofMismatch)
                }
            }
        }
    }

    @Test func impossibleFrontiers() {
        #expect(code { try MerkleFrontier(size: -1, peaks: []) } == .outOfRange)
        #expect(code { try MerkleFrontier(size: 3, peaks: [MerkleTree.emptyRoot]) } == .outOfRange)
        #expect(code { try MerkleFrontier(size: 1, peaks: [[1]]) } == .malformedHash)
        #expect(code { try MerkleTree.inclusionPath(of: 0, in: [[1]]) } == .malformedHash)
        #expect(code { try MerkleTree.consistencyPath(from: 0, in: [[1]]) } == .malformedHash)
        #expect(code { try MerkleTree.inclusionPath(of: 0, in: []) } == .outOfRange)
        #expect(code { try MerkleTree.consistencyPath(from: 1, in: []) } == .outOfRange)
    }

    /// Many leaves, as records of a version: the streaming root equals the stored one.
    @Test func manyLeaves() throws {
        var log = LogFixture(size: 0)
        for index in 0..<5_000 { log.append(SHA256.hash(Array("\(index)".utf8))) }
        let root = MerkleTree.root(leafHashes: log.leaves.lazy.map(\.self))
        #expect(root == NaiveTree.root(log.leaves[...]))
        #expect(try StoredHashes.root(size: 5_000, reader: log.read) == root)
    }
}

extension [UInt8] {
    /// Bytes from lower-case hex.
    init(hex text: String) {
        self = stride(from: 0, to: text.count, by: 2).map { offset in
            let start = text.index(text.startIndex, offsetBy: offset)
            return UInt8(text[start..<text.index(start, offsetBy: 2)], radix: 16)!
        }
    }

    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
