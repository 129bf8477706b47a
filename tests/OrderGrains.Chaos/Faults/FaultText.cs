using System.Globalization;
using System.Text.RegularExpressions;

namespace OrderGrains.Chaos.Faults;

/// <summary>A fault in words: <c>12.5s KillSilo 1</c>, <c>31s CutSilosOneWay 0>2 for 8s</c>.</summary>
internal static partial class FaultText
{
    public static string Write(FaultAct act)
    {
        var subject = FaultRules.Of(act.Kind).Subject switch
        {
            FaultSubject.Silo or FaultSubject.Warehouse => $" {act.Target}",
            FaultSubject.Pair => $" {act.Target}-{act.Other}",
            FaultSubject.Way => $" {act.Target}>{act.Other}",
            _ => "",
        };
        var length = act.For > TimeSpan.Zero ? $" for {Seconds(act.For)}" : "";
        return $"{Seconds(act.At)} {act.Kind}{subject}{length}";
    }

    public static FaultAct? TryParse(string text)
    {
        if (Words().Match(text) is not { Success: true } match
            || !Enum.TryParse<FaultKind>(match.Groups["kind"].Value, out var kind))
            return null;
        var act = new FaultAct(Read(match.Groups["at"]), kind, Read(match.Groups["for"]), Whole(match.Groups["target"]),
            Whole(match.Groups["other"]));
        // What it would be written as tells whether the kind has such a subject.
        return Write(act) == text ? act : null;
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s");

    private static TimeSpan Read(Group seconds) => seconds.Success
        ? TimeSpan.FromSeconds(double.Parse(seconds.Value, CultureInfo.InvariantCulture)) : TimeSpan.Zero;

    private static int Whole(Group number) =>
        number.Success ? int.Parse(number.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?<at>\d{1,6}(\.\d{1,3})?)s (?<kind>[A-Za-z]+)( (?<target>\d{1,2})([->](?<other>\d{1,2}))?)?"
        + @"( for (?<for>\d{1,6}(\.\d{1,3})?)s)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();
}
