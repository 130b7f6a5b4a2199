import Foundation
import Testing
import TwoTowerFiles

@Suite struct JSONValueTests {
  @Test func textIsEscapedAndOrdered() throws {
    let value = JSONValue.object([
      (key: "b\"\\\n\u{1}é", value: .array([.null, .boolean(true), .integer(-3), .number(0.5), .object([])])),
      (key: "a", value: .string("x")),
    ])
    #expect(value.text(indent: nil) == #"{"b\"\\\n\u0001é":[null,true,-3,0.5,{}],"a":"x"}"#)
    let parsed = try JSONSerialization.jsonObject(with: Data(value.text().utf8)) as? [String: Any]
    #expect(parsed?["a"] as? String == "x")
    #expect(parsed?["b\"\\\n\u{1}é"] != nil)
  }
}
