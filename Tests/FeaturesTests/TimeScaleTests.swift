import Testing
import TwoTowerDatasets
import TwoTowerFeatures

struct TimeScaleTests {
  @Test func bucketsAreOfEqualWidth() throws {
    let scale = try #require(TimeScale(times: [0, 1000, 30, TimeScale.missing], bucketCount: 10, imputation: .median))
    #expect(scale.minimum == 0 && scale.maximum == 1000)
    #expect([-5, 0, 99, 100, 550, 999, 1000, 5000].map(scale.bucket) == [1, 1, 1, 2, 6, 10, 10, 10])
    #expect(scale.bucket(of: TimeScale.missing) == 1)
    #expect(scale.vocabularySize == 11)
  }

  @Test func standardisesByMeanAndStandardDeviation() throws {
    let scale = try #require(TimeScale(times: [2, 4, 4, 4, 5, 5, 7, 9], bucketCount: 3, imputation: .median))
    #expect(scale.mean == 5 && scale.standardDeviation == 2)
    #expect(scale.standardised(9) == 2)
    // The median lies between 4 and 5.
    #expect(scale.imputed == 4)
  }

  @Test func imputations() throws {
    let times: [Int64] = [0, 10, 100]
    let unknown = try #require(TimeScale(times: times, bucketCount: 4, imputation: .unknown))
    #expect(unknown.bucket(of: TimeScale.missing) == 0 && unknown.standardised(TimeScale.missing) == 0)
    let fixed = try #require(TimeScale(times: times, bucketCount: 4, imputation: .fixed(75)))
    #expect(fixed.bucket(of: TimeScale.missing) == 4)
    #expect(TimeScale(times: [TimeScale.missing], bucketCount: 4, imputation: .median) == nil)
  }

  @Test func oneTimeAndExtremeTimes() throws {
    let one = try #require(TimeScale(times: [7], bucketCount: 1000, imputation: .median))
    #expect(one.bucket(of: 7) == 1 && one.standardised(7) == 0)
    let wide = try #require(
      TimeScale(times: [Int64.min + 1, Int64.max], bucketCount: 4, imputation: .median))
    #expect(wide.imputed == 0 && wide.bucket(of: 0) == 3 && wide.standardised(Int64.max).isFinite)
  }

  @Test func imputationReadsDays() {
    #expect(Imputation("median") == .median && Imputation("unknown") == .unknown)
    #expect(Imputation("1970-01-02") == .fixed(86_400_000))
    #expect(Imputation("2010-06-01") == .fixed(1_275_350_400_000))
    #expect(Imputation("1969-12-31") == .fixed(-86_400_000))
    for bad in ["", "mean", "2010-6-1", "2010-02-30", "2009-02-29", "0000-01-01", "2010-13-01", "٢٠١٠-06-01"] {
      #expect(Imputation(bad) == nil, "\(bad)")
    }
    for day in ["1970-01-01", "2000-02-29", "1900-03-01", "0001-01-01", "9999-12-31", "1969-07-20"] {
      #expect(Imputation(day)?.text == day)
    }
  }

  @Test func timesOfRowsAreTheNewestTagOfThePair() throws {
    var data = SmallData.standard
    data.settings.bucketCount = 4
    let feature = try data.builder().feature(named: .timestampBucket)
    // Row times 3000, –, –, 2000, 5000, –; the median is 3000, the width of a bucket 750.
    #expect(feature.perTrainingRow == .indices([2, 2, 2, 1, 4, 2], vocabularySize: 5))
    #expect(feature.entity == .indices([2, 2, 2, 2], vocabularySize: 5))
    let number = try data.builder().feature(named: .timestamp)
    let values = try #require(number.perTrainingRow).denseValues
    // Mean 10000/3, standard deviation 1247.219.
    let expected: [Float] = [-0.267261, -0.267261, -0.267261, -1.069045, 1.336306, -0.267261]
    for (value, wanted) in zip(values, expected) { #expect(abs(value - wanted) < 1e-5) }
    #expect(number.entity.denseValues.allSatisfy { $0 == values[0] })
  }

  @Test func interactionsWithTimesUseThem() throws {
    var dataset = SmallData.standard.dataset
    dataset.interactions.timestamps = [10, 20, 30, 40, 50, 60, 70_000, 80_000]
    let builder = try FeatureBuilder(
      dataset: dataset, split: Split(train: [0, 1, 2, 3, 4, 5], test: [6, 7]), labels: .none)
    let scale = try #require(builder.timeScale)
    #expect(scale.minimum == 10 && scale.maximum == 60 && scale.imputed == 35)
    #expect(try builder.feature(named: .timestamp).perTrainingRow?.denseValues.last == scale.standardised(60))
  }
}
