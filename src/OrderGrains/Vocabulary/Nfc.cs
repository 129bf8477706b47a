using System.Globalization;
using System.Text;

namespace OrderGrains.Vocabulary;

/// <summary>
/// Unicode Normalization Form C (Unicode Standard Annex 15): one spelling for texts that look the same.
/// </summary>
/// <remarks>The process has no culture data, and <see cref="string.Normalize()"/> then leaves texts as they
/// are.</remarks>
internal static class Nfc
{
    private const int HangulFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TrailBefore = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    private static readonly Lazy<Tables> AllTables = new(Tables.Load);

    public static string Of(string text)
    {
        // Nothing below the first combining mark is changed, alone or with its like.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
            return text;
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        Reorder(points);
        var composed = new StringBuilder(text.Length);
        foreach (var point in Compose(points))
            composed.Append(new Rune(point).ToString());
        return composed.ToString();
    }

    private static void Decompose(int point, List<int> into)
    {
        var hangul = point - HangulFirst;
        if (hangul is >= 0 and < Leads * Vowels * Trails)
        {
            into.Add(LeadFirst + hangul / (Vowels * Trails));
            into.Add(VowelFirst + hangul % (Vowels * Trails) / Trails);
            if (hangul % Trails > 0)
                into.Add(TrailBefore + hangul % Trails);
        }
        else if (AllTables.Value.Parts.TryGetValue(point, out var parts))
        {
            Decompose(parts.First, into);
            if (parts.Second is { } second)
                Decompose(second, into);
        }
        else
        {
            into.Add(point);
        }
    }

    /// <summary>Marks of one letter stand in the order of their classes; those of one class stay as they are.</summary>
    private static void Reorder(List<int> points)
    {
        for (var first = 0; first < points.Count; first++)
        {
            if (Class(points[first]) == 0)
                continue;
            var end = first;
            while (end < points.Count && Class(points[end]) != 0)
                end++;
            var sorted = points[first..end].OrderBy(Class).ToArray();
            sorted.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(points)[first..]);
            first = end;
        }
    }

    private static List<int> Compose(List<int> points)
    {
        var composed = new List<int>(points.Count);
        var (starter, last) = (-1, 0);
        foreach (var point in points)
        {
            var own = Class(point);
            // Whatever stands between with no lower class blocks it.
            var blocked = starter < composed.Count - 1 && (last == 0 || last >= own);
            if (starter >= 0 && !blocked && Pair(composed[starter], point) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            if (own == 0)
                starter = composed.Count;
            last = own;
            composed.Add(point);
        }

        return composed;
    }

    private static int? Pair(int first, int second)
    {
        var (lead, vowel, trail) = (first - LeadFirst, second - VowelFirst, second - TrailBefore);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            return HangulFirst + (lead * Vowels + vowel) * Trails;
        var hangul = first - HangulFirst;
        if (hangul is >= 0 and < Leads * Vowels * Trails && hangul % Trails == 0 && trail is > 0 and < Trails)
            return first + trail;
        return AllTables.Value.Wholes.TryGetValue((first, second), out var whole) ? whole : null;
    }

    private static int Class(int point) => AllTables.Value.Classes.GetValueOrDefault(point);

    private sealed record Tables(
        Dictionary<int, (int First, int? Second)> Parts, Dictionary<(int, int), int> Wholes,
        Dictionary<int, byte> Classes)
    {
        /// <summary>Reads <c>Nfc.txt</c>: <c>00C0 0041 0300</c>, and <c>0300-0314 230</c>.</summary>
        public static Tables Load()
        {
            var tables = new Tables([], [], []);
            using var stream = typeof(Nfc).Assembly.GetManifestResourceStream("nfc.txt")!;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                if (!line.StartsWith('#'))
                    tables.Add(line.Split(' '));
            }

            return tables;
        }

        private void Add(string[] words)
        {
            if (words[0].Split('-') is [var from, var to])
            {
                for (var point = Point(from); point <= Point(to); point++)
                    Classes[point] = byte.Parse(words[1]);
                return;
            }

            var whole = Point(words[0].TrimEnd('!'));
            Parts[whole] = (Point(words[1]), words.Length > 2 ? Point(words[2]) : null);
            if (words.Length > 2 && !words[0].EndsWith('!'))
                Wholes[(Point(words[1]), Point(words[2]))] = whole;
        }

        private static int Point(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier);
    }
}
