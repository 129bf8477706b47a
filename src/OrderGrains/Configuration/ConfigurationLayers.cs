using System.Text.Json;

namespace OrderGrains.Configuration;

/// <summary>
/// The product's own configuration, apart from the host's: the host takes every environment variable for a setting, and
/// an unrelated <c>CLUSTER</c> or <c>API</c> must not be one of ours.
/// </summary>
public static class ConfigurationLayers
{
    /// <summary>The four layers of CONTRACT section 1; later wins.</summary>
    /// <exception cref="ConfigurationException">A file is missing or is not JSON.</exception>
    public static IConfigurationRoot Read(string[] args)
    {
        var layers = new ConfigurationBuilder();
        layers.AddJsonFile(Path.GetFullPath("ordergrains.json"), optional: true);
        if (Environment.GetEnvironmentVariable("ORDERGRAINS_CONFIG") is { Length: > 0 } file)
        {
            if (!File.Exists(file))
                throw new ConfigurationException([$"ORDERGRAINS_CONFIG: there is no file {Path.GetFullPath(file)}"]);
            layers.AddJsonFile(Path.GetFullPath(file), optional: false);
        }

        layers.AddEnvironmentVariables("OrderGrains__");
        layers.AddCommandLine(args);
        return Build(layers);
    }

    /// <summary>The command line alone.</summary>
    /// <exception cref="ConfigurationException">It cannot be read.</exception>
    public static IConfigurationRoot ReadAlone(string[] args) => Build(new ConfigurationBuilder().AddCommandLine(args));

    private static IConfigurationRoot Build(IConfigurationBuilder layers)
    {
        try
        {
            return layers.Build();
        }
        catch (InvalidDataException exception)
        {
            throw new ConfigurationException([Describe(exception)]);
        }
        catch (FormatException exception)
        {
            throw new ConfigurationException([$"command line: {exception.Message}"]);
        }
    }

    /// <summary>The parser's own words repeat what stands there, and that may be a secret.</summary>
    private static string Describe(InvalidDataException exception)
    {
        var at = exception.InnerException is { } inner && Find<JsonException>(inner) is { } json
            ? $"is not JSON: line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}"
            : exception.InnerException?.Message;
        var file = exception.Message.Split('\'') is [_, var path, ..] ? path : "a configuration file";
        return $"{file}: {at}";
    }

    private static T? Find<T>(Exception exception) where T : Exception =>
        exception as T ?? (exception.InnerException is { } inner ? Find<T>(inner) : null);
}
