using System.Globalization;

namespace OrderGrains.Sandbox.Demo;

/// <summary>The demo's command line.</summary>
internal sealed record DemoOptions
{
    public const string Usage = """
        dotnet run --project src/OrderGrains.Sandbox -- [options]
          --data DIR      where the product keeps its data; default a fresh data/demo-<time> here
          --seconds N     stop after so long; default: run until Ctrl-C
          --urls URL      where the product listens; default a free loopback port
          --rate N        orders a second; default 2
          --seed N        tells the same stories again; default 42
          --product URL   trade with a product that runs there, as the shop and the warehouses of its configuration,
                          which is read as the product reads it (ORDERGRAINS_CONFIG, OrderGrains__...)
        """;

    /// <summary>Null: a fresh folder.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Null: until Ctrl-C.</summary>
    public TimeSpan? RunFor { get; init; }

    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>0.1 to 50.</summary>
    public double OrdersPerSecond { get; init; } = 2;

    public int Seed { get; init; } = 42;

    /// <summary>Null: a product of its own, in this process.</summary>
    public Uri? Product { get; init; }

    /// <summary>Null and what is wrong, when something is.</summary>
    public static DemoOptions? TryParse(ReadOnlySpan<string> args, out string? fault)
    {
        var options = new DemoOptions();
        fault = null;
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            var next = (args[i], value) switch
            {
                (_, null) => null,
                ("--data", _) => options with { DataDirectory = value },
                ("--urls", _) => options with { Urls = value },
                ("--product", _) when Uri.TryCreate(value, UriKind.Absolute, out var product)
                    && product.Scheme is "http" or "https" => options with { Product = product },
                ("--seconds", _) when Number(value, 1, 1e6) is { } seconds =>
                    options with { RunFor = TimeSpan.FromSeconds(seconds) },
                ("--rate", _) when Number(value, 0.1, 50) is { } rate => options with { OrdersPerSecond = rate },
                ("--seed", _) when Number(value, int.MinValue, int.MaxValue) is { } seed =>
                    options with { Seed = (int)seed },
                _ => null,
            };
            if (next is null)
            {
                fault = $"Not understood: {args[i]} {value}";
                return null;
            }
            options = next;
        }
        return options;
    }

    private static double? Number(string text, double min, double max) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number >= min && number <= max ? number : null;
}
