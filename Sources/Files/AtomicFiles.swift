import Foundation
import Synchronization

/// Writes files and folders whole or not at all: under another name beside their place, onto the disk, then renamed.
package enum AtomicFiles {
  private static let counter = Atomic<Int>(0)

  /// Writes the file at `path`, replacing an old one only when all of the new one is on the disk.
  ///
  /// A device or a pipe at `path` is written to directly.
  ///
  /// - Parameter inNewFolder: whether the file belongs to a folder that `writeFolder` fills: then it is simply written,
  ///   and gets onto the disk together with the others.
  /// - Throws: `FileError.cannotWrite`, or what `body` throws; nothing is left behind.
  package static func write(
    to path: String, inNewFolder: Bool = false, _ body: (inout OutputFile) throws(FileError) -> Void
  ) throws(FileError) {
    if inNewFolder {
      var file = try OutputFile(opening: path, flags: O_WRONLY | O_CREAT | O_TRUNC, named: path)
      return try body(&file)
    }
    let target = resolved(path)
    switch PathKind(target) {
    case .folder: throw .cannotWrite(path: path, reason: "it is a folder")
    case .special, .pipe:
      var file = try OutputFile(opening: target, flags: O_WRONLY, named: path)
      try body(&file)
    case .file, .nothing:
      let temporary = temporarySibling(of: target)
      do throws(FileError) {
        var file = try OutputFile(opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL, named: path)
        try body(&file)
        try file.synchronize()
        guard rename(temporary, target) == 0 else { throw .cannotWrite(path: path, reason: systemErrorText()) }
      } catch {
        unlink(temporary)
        throw error
      }
      try synchronizeFolder(parent(of: target))
    }
  }

  /// Writes `bytes` to the file at `path`, as above.
  package static func write(_ bytes: Data, to path: String, inNewFolder: Bool = false) throws(FileError) {
    try write(to: path, inNewFolder: inNewFolder) { file throws(FileError) in try file.write(bytes.bytes) }
  }

  /// Writes `text` as UTF-8 to the file at `path`, as above.
  package static func write(_ text: String, to path: String, inNewFolder: Bool = false) throws(FileError) {
    try write(to: path, inNewFolder: inNewFolder) { file throws(FileError) in try file.write(text) }
  }

  /// Writes the folder at `path`: `body` fills an empty folder beside it, which then takes its name.
  ///
  /// An old folder at `path` is replaced when it is empty or `mayReplace` it: it stays as it was until the new one is
  /// whole.
  ///
  /// - Parameters:
  ///   - makesParents: whether folders above it are made when missing.
  ///   - mayReplace: whether the folder at the given path is one of ours, such as an older run; never called for a file.
  ///   - body: writes the files into the folder at the path it is given.
  /// - Throws: `FileError.cannotWrite`, `.alreadyExists`, or what `body` throws; nothing is left behind.
  package static func writeFolder(
    at path: String, makesParents: Bool = true, mayReplace: (_ path: String) -> Bool = { _ in false },
    _ body: (_ temporaryPath: String) throws -> Void
  ) throws {
    try checkFolder(at: path, mayReplace: mayReplace)
    let target = resolved(path)
    let madeFolders = makesParents ? try makeFolders(parent(of: target), named: path) : []
    let temporary = temporarySibling(of: target)
    do {
      guard mkdir(temporary, 0o777) == 0 else {
        throw FileError.cannotWrite(path: path, reason: systemErrorText())
      }
      try body(temporary)
      try synchronizeFiles(in: temporary, named: path)
      try synchronizeFolder(temporary)
      try moveFolder(temporary, to: target, named: path)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      for folder in madeFolders.reversed() { rmdir(folder) }
      if case FileError.cannotWrite(let file, let reason) = error, file.hasPrefix(temporary) {
        // Named by the place that it was meant for.
        throw FileError.cannotWrite(path: path + file.dropFirst(temporary.count), reason: reason)
      }
      throw error
    }
    try synchronizeFolder(parent(of: target))
  }

  /// Gives a file that never changes a second name, or a copy of that name where the file system has no such links.
  package static func share(_ source: String, as target: String) throws(FileError) {
    if link(source, target) == 0 { return }
    do { try FileManager.default.copyItem(atPath: source, toPath: target) } catch {
      throw .cannotWrite(path: target, reason: error.localizedDescription)
    }
  }

  /// Checks what can be checked of `writeFolder` before there is anything to write: call it before long work.
  package static func checkFolder(
    at path: String, mayReplace: (_ path: String) -> Bool = { _ in false }
  ) throws(FileError) {
    let target = resolved(path)
    switch PathKind(target) {
    case .file, .special, .pipe: throw .alreadyExists(path: path)
    case .folder:
      let entries = (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? [""]
      guard entries.isEmpty || mayReplace(target) else { throw .alreadyExists(path: path) }
    case .nothing: break
    }
    var ancestor = parent(of: target)
    while PathKind(ancestor) == .nothing && ancestor != "/" { ancestor = parent(of: ancestor) }
    guard PathKind(ancestor) == .folder else {
      throw .cannotWrite(path: path, reason: "\(ancestor) is not a folder")
    }
    guard access(ancestor, W_OK | X_OK) == 0 else {
      throw .cannotWrite(path: path, reason: "\(ancestor): \(systemErrorText())")
    }
  }
}

extension AtomicFiles {
  /// The absolute path behind symbolic links, so that the file linked to is replaced and not the link.
  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  private static func parent(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }

  private static func temporarySibling(of path: String) -> String {
    let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
    let url = URL(fileURLWithPath: path)
    let name = ".\(url.lastPathComponent.prefix(100)).\(getpid())-\(number).partial"
    return url.deletingLastPathComponent().appendingPathComponent(name).path
  }

  /// Makes the missing folders of `path` and returns them, outermost first.
  private static func makeFolders(_ path: String, named name: String) throws(FileError) -> [String] {
    var missing: [String] = []
    var folder = path
    while PathKind(folder) == .nothing && folder != "/" {
      missing.insert(folder, at: 0)
      folder = parent(of: folder)
    }
    for (position, folder) in missing.enumerated() where mkdir(folder, 0o777) != 0 {
      let reason = systemErrorText()
      for made in missing[..<position].reversed() { rmdir(made) }
      throw .cannotWrite(path: name, reason: reason)
    }
    return missing
  }

  /// Waits until all files of a folder are on the disk, which takes them side by side.
  private static func synchronizeFiles(in folder: String, named name: String) throws(FileError) {
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .cannotWrite(path: name, reason: systemErrorText())
    }
    let failure = Mutex<FileError?>(nil)
    DispatchQueue.concurrentPerform(iterations: files.count) { place in
      do throws(FileError) {
        try OutputFile(opening: "\(folder)/\(files[place])", flags: O_RDONLY, named: name).synchronize()
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Gives a finished folder its name; an old one of that name steps aside first and is removed last.
  private static func moveFolder(_ temporary: String, to target: String, named name: String) throws(FileError) {
    if rename(temporary, target) == 0 { return }  // nothing or an empty folder is there
    guard errno == ENOTEMPTY || errno == EEXIST else {
      throw .cannotWrite(path: name, reason: systemErrorText())
    }
    let old = temporarySibling(of: target)
    guard rename(target, old) == 0 else { throw .cannotWrite(path: name, reason: systemErrorText()) }
    guard rename(temporary, target) == 0 else {
      let reason = systemErrorText()
      rename(old, target)
      throw .cannotWrite(path: name, reason: reason)
    }
    try? FileManager.default.removeItem(atPath: old)
  }
}
