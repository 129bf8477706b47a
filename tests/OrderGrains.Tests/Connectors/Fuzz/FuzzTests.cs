using System.Collections;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Mapping;
using OrderGrains.Tests.Connectors.Mapping;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Fuzz;

/// <summary>
/// Whatever a sender who can sign writes: nothing throws, each body is understood, ignored or parked, and each costs no
/// more memory than it is long, times a few. The seed is that of the day; <c>ORDERGRAINS_FUZZ_SEED</c> takes another,
/// or with a colon one case of it, and <c>ORDERGRAINS_FUZZ_CASES</c> takes more cases.
/// </summary>
public sealed class FuzzTests
{
    private const int CasesOfKind = 1_500;

    /// <summary>What a body may cost whatever it says, and for each of its bytes.</summary>
    private const long AllocatedBytesMax = 2 * 1024 * 1024, AllocatedBytesPerByteMax = 32;

    /// <summary>As the router bounds what it says itself: what is parked stands in an index by its reason.</summary>
    private const int ReasonCharsMax = 800;

    private static readonly string[] Headers =
    [
        "", " ", "\u0000", "é", "\ud800", new string('x', 5_000), "v1,", "v1,AAAA", "-1", "99999999999999", "a, b",
        "%", "%ZZ",
    ];

    public static TheoryData<string> All => [.. Fuzzed.All.Keys];

    [Theory, MemberData(nameof(All))]
    public void Whatever_comes_is_understood_ignored_or_parked(string kind)
    {
        var (seed, from, count) = Cases();
        var fuzzed = Fuzzed.All[kind]();
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var costliest = 0.0;
        for (var number = from; number < from + count; number++)
        {
            string? end = null;
            try
            {
                end = Run(fuzzed, new Random(unchecked(seed * 1_000_003 + number)), ref costliest);
                ends[end] = ends.GetValueOrDefault(end) + 1;
            }
            catch (Exception error)
            {
                Assert.Fail($"{kind}: replay with ORDERGRAINS_FUZZ_SEED={seed}:{number}\n{error}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}, seed {seed}: {string.Join(", ", ends.Select(pair => $"{pair.Value} {pair.Key}"))}, "
            + $"at most {costliest:0.0} bytes a byte");
    }

    [Fact]
    public void Every_kind_is_among_them() => Assert.Empty(
        Kinds.Known.Sources.Select(kind => kind.Name).Except(
            // One that is asked instead reads what we wrote.
            [.. Fuzzed.All.Keys, "ShipBobStock", "ShipStationStock", "TrytonEvents", "OdooEvents"],
            StringComparer.Ordinal));

    /// <summary>A mapping's file is the operator's: it has mistakes, and makes no exception of them.</summary>
    [Fact]
    public void A_mapping_file_is_read_or_its_mistakes_are_named()
    {
        var (seed, from, count) = Cases();
        foreach (var (rules, sample) in new[]
        {
            (MappingSample.JsonRules, MappingSample.Order), (MappingSample.XmlRules, MappingSample.XmlOrder),
        })
        {
            for (var number = from; number < from + count; number++)
            {
                var draw = new Random(unchecked(seed * 1_000_003 + number));
                var file = Mutation.Of(Encoding.UTF8.GetBytes(rules), isXml: false, draw);
                try
                {
                    var mistakes = new List<string>();
                    var mapping = MappingFile.Parse(file, mistakes.Add);
                    Assert.Equal(mapping is null, mistakes.Count > 0);
                    Assert.NotNull(mapping?.Read("shop", Deliveries.Receipt("", sample)) ?? new Reading.Ignored(""));
                }
                catch (Exception error)
                {
                    Assert.Fail($"replay with ORDERGRAINS_FUZZ_SEED={seed}:{number}\n{error}\n"
                        + Encoding.UTF8.GetString(file));
                }
            }
        }
    }

    private static string Run(Fuzzed fuzzed, Random draw, ref double costliest)
    {
        var sample = draw.Pick([.. fuzzed.Samples]);
        var body = Mutation.Of(sample.Body, fuzzed.IsXml, draw);
        var headers = new HeaderDictionary();
        fuzzed.Sign(headers, body);
        foreach (var (name, value) in sample.Headers)
            headers[name] = value;
        if (draw.Next(10) == 0)
            headers[draw.Pick([.. headers.Keys, "Content-Type", "Content-Encoding"])] = draw.Pick(Headers);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var verification = fuzzed.Source.Verify(new WebhookRequest(headers, body, "/"), Fuzzed.Now);
        var reading = verification is Verification.Authentic authentic
            ? fuzzed.Source.Read(Deliveries.Receipt(authentic.Topic, body, authentic.DeliveryId) with
            {
                ReceivedAt = Fuzzed.Now,
            }) : null;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        costliest = Math.Max(costliest, (allocated - AllocatedBytesMax) / (double)body.Length);
        Assert.InRange(allocated, 0, AllocatedBytesMax + AllocatedBytesPerByteMax * body.Length);
        switch (verification, reading)
        {
            case (_, Reading.Understood understood):
                Fits(understood.EventKey, 512);
                Fits(understood.Note ?? "", ReasonCharsMax);
                Fits(understood.Left ?? "", ReasonCharsMax);
                FitsDatabase(understood.Change);
                Assert.Equal("understood", ReadingView.Of(understood).Outcome);
                return understood.Left is null ? "understood" : "understood in part";
            case (_, Reading.Ignored ignored):
                Fits(ignored.Reason, ReasonCharsMax);
                return "ignored";
            case (_, Reading.Unreadable unreadable):
                Fits(unreadable.Reason, ReasonCharsMax);
                return "parked";
            case (_, Reading.Divided divided):
                Fits(divided.Why, ReasonCharsMax);
                FitsDatabase(divided.Parts);
                return "divided";
            case (_, Reading.Fetch):
                return "to be fetched";
            case (Verification.Forged forged, null):
                Fits(forged.Rule, ReasonCharsMax);
                return "turned away";
            case (Verification.WrongMediaType or Verification.Greeting or Verification.Unready, null):
                return "turned away";
            default:
                throw new InvalidOperationException($"there is no such end: {verification} {reading}");
        }
    }

    private static void Fits(string text, int charsMax)
    {
        Assert.InRange(text.Length, 0, charsMax);
        Assert.Equal(Printable.Of(text), text);
    }

    /// <summary>What PostgreSQL and the warehouse refuse would fail for ever, long after the 200.</summary>
    private static void FitsDatabase(object? value)
    {
        if (value is string text)
        {
            Assert.InRange(text.Length, 0, ConnectorLimits.UrlCharsMax);
            Assert.DoesNotContain('\0', text);
            Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
        }
        else if (value is IEnumerable items)
        {
            foreach (var item in items)
                FitsDatabase(item);
        }
        else if (value is DateTimeOffset time)
        {
            Assert.Equal(TimeSpan.Zero, time.Offset);
        }
        else if (value is not null && value.GetType() is { IsPrimitive: false, IsEnum: false } type
            && type.Namespace == typeof(Change).Namespace)
        {
            foreach (var property in type.GetProperties().Where(p => p.GetIndexParameters().Length == 0))
                FitsDatabase(property.GetValue(value));
        }
    }

    internal static (int Seed, int From, int Count) Cases(int usual = CasesOfKind)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("ORDERGRAINS_FUZZ_CASES"), out var more)
            ? more : usual;
        var given = Environment.GetEnvironmentVariable("ORDERGRAINS_FUZZ_SEED")?.Split(':') ?? [];
        return given switch
        {
            [var seed, var number] => (Whole(seed), Whole(number), 1),
            [{ Length: > 0 } seed] => (Whole(seed), 0, count),
            _ => (Whole(TimeProvider.System.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture)), 0, count),
        };
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
