using System.Text.Json;
using OrderGrains.Configuration;
using OrderGrains.Connectors;

namespace OrderGrains;

/// <summary>
/// <c>map --source NAME [--topic TOPIC] FILE</c>: prints what the source would make of a body, and nothing happens.
/// </summary>
internal static class MapCommand
{
    public const string Name = "map";

    private const string Usage = "map --source NAME [--topic TOPIC] FILE [settings]: FILE is a body as it is posted, "
        + "or - for what is piped in";

    /// <summary>0 when it is understood or ignored, 1 when it would be parked.</summary>
    /// <exception cref="ConfigurationException">The command or the configuration has mistakes.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TimeProvider time)
    {
        string? name = null, topic = null, file = null;
        var settings = new List<string>();
        for (var at = 0; at < args.Count; at++)
        {
            if (args[at] is "--source" or "--topic" && at + 1 < args.Count)
                _ = args[at] == "--source" ? name = args[++at] : topic = args[++at];
            else if (args[at].StartsWith("--", StringComparison.Ordinal))
                settings.Add(args[at]);
            else if (file is null)
                file = args[at];
            else
                throw new ConfigurationException([Usage]);
        }

        if (name is null || file is null)
            throw new ConfigurationException([Usage]);
        var options = ConfigurationCheck.Read(ConfigurationLayers.Read([.. settings]));
        if (!options.Sources.TryGetValue(name, out var source))
            throw new ConfigurationException([$"Sources:{name}: there is no such source"]);
        var view = ReadingView.Try(
            source.Source.Connector, name, topic, await ReadAsync(file), time.GetUtcNow());
        await output.WriteLineAsync(JsonSerializer.Serialize(view, ReadingView.Json));
        return view.Outcome == ReadingView.Unreadable ? 1 : 0;
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        try
        {
            if (file != "-")
                return await File.ReadAllBytesAsync(file);
            var piped = new MemoryStream();
            await System.Console.OpenStandardInput().CopyToAsync(piped);
            return piped.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"{file}: {error.Message}"]);
        }
    }
}
