import Foundation
import TestSupport

/// Serves archives of a folder's files on 127.0.0.1 by a small Python program, until this object goes away.
///
/// - `whole.zip`, `nested.zip` (the files in a folder), `without-tags.zip`: intact, with support for ranges.
/// - `truncated.zip`: the first half alone when asked for the beginning, the rest when asked for it.
/// - `no-ranges.zip`: the first half alone the first time, all of it from then on, whatever range is asked for.
/// - `broken.zip`: no archive. Anything else: 404.
final class ArchiveServer {
  let address: String
  /// Where the server notes each request: path, a space, the first byte asked for.
  private let log: String
  private let notes: TemporaryFolder
  private let process = Process()

  init(serving folder: TemporaryFolder, notesIn notes: TemporaryFolder) throws {
    self.notes = notes
    log = notes("requests")
    let script = try notes.write("server.py", program)
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, folder.path, log]
    process.standardOutput = output
    // The program ends when its input does, so it never outlives the tests.
    process.standardInput = Pipe()
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n"), let bytes = try output.fileHandleForReading.read(upToCount: 1),
      !bytes.isEmpty
    {
      line += bytes
    }
    address = "http://127.0.0.1:\(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))"
  }

  deinit { stop() }

  var requests: [String] {
    (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
  }

  func stop() {
    guard process.isRunning else { return }
    // Other signals are blocked in what a dispatch thread starts.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Whether there is a Python to run the program with.
  static let isAvailable: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import http.server, zipfile"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}

private let program = #"""
  import http.server, io, os, re, sys, threading, zipfile

  folder, log = sys.argv[1:]

  def archive(names, prefix=""):
      file = io.BytesIO()
      with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zip:
          for name in names:
              zip.write(os.path.join(folder, name), prefix + name)
      return file.getvalue()

  names = sorted(os.listdir(folder))
  whole = archive(names)
  archives = {
      "/whole.zip": whole, "/truncated.zip": whole, "/no-ranges.zip": whole,
      "/nested.zip": archive(names, "some/folder/"),
      "/without-tags.zip": archive([name for name in names if name != "tags.dat"]),
      "/broken.zip": b"<html>Sign in to this network</html>",
  }
  asked = set()

  class Handler(http.server.BaseHTTPRequestHandler):
      def do_GET(self):
          asked_range = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
          start = int(asked_range[1]) if asked_range else 0
          with open(log, "a") as file:
              print(self.path, start, file=file)
          body = archives.get(self.path)
          if body is None:
              return self.send_error(404)
          if self.path == "/no-ranges.zip":
              start = 0
          if start >= len(body):
              return self.send_error(416)
          rest = body[start:]
          self.send_response(206 if start else 200)
          self.send_header("Content-Length", str(len(rest)))
          if start:
              self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
          self.end_headers()
          first_time = self.path not in asked
          asked.add(self.path)
          if self.path == "/truncated.zip" and start == 0 or self.path == "/no-ranges.zip" and first_time:
              rest = rest[:len(body) // 2]
          self.wfile.write(rest)

      def log_message(self, *arguments):
          pass

  server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
  print(server.server_port, flush=True)
  threading.Thread(target=server.serve_forever, daemon=True).start()
  sys.stdin.read()
  """#
