namespace OrderGrains.Bench.Measuring;

/// <summary>What one measure came to in several runs.</summary>
internal sealed record Sample(double Median, double Min, double Max, int Runs)
{
    public static Sample Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Sample(median, sorted[0], sorted[^1], sorted.Length);
    }
}
