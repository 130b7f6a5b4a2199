import RunTestSupport
import Testing
import TwoTowerRecipes
import TwoTowerTraining

struct PlainRecipeTests {
  /// The default of plain tables trains what the recipe says.
  @Test func thePlainRecipeIsTheOneOfTheDefault() throws {
    #expect(try modelRecipe("plain").retrieval == .plain)
  }
}
