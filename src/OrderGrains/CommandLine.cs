using System.Reflection;
using OrderGrains.Configuration;

namespace OrderGrains;

/// <summary>What the program says of itself, and of words that it does not know.</summary>
internal static class CommandLine
{
    private const string Usage = """
        OrderGrains keeps shops and warehouses in step.

          OrderGrains [--urls ADDRESS] [Setting=value …]   runs until it is asked to stop
          OrderGrains map --source NAME [--topic TOPIC] FILE [--Setting=value …]
                                                           prints what a source makes of a body
          OrderGrains --help | --version

          --urls ADDRESS     where it listens, such as http://127.0.0.1:8080; several with ';' between them
          Setting=value      any setting, such as DataDirectory=/var/lib/ordergrains

        Settings come from ordergrains.json, the file that ORDERGRAINS_CONFIG names, the environment
        (OrderGrains__Sources__acme__Kind=…) and the command line; later wins.
        It ends with 0 when it was asked to stop, 1 when it failed, 2 when the configuration has mistakes.
        """;

    /// <summary>With the commit that it was built from.</summary>
    public static string Version { get; } = typeof(CommandLine).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>The text that was asked for; null when the program is to run.</summary>
    public static string? Answer(IReadOnlyList<string> args) => args switch
    {
        [.., "--help" or "-h" or "-?" or "help"] => Usage,
        [.., "--version"] => Version,
        _ => null,
    };

    /// <summary>
    /// The framework passes over what it does not understand; a word that was misspelt must not be lost so.
    /// </summary>
    /// <exception cref="ConfigurationException">A word is neither a setting nor its value.</exception>
    public static void Check(IReadOnlyList<string> args)
    {
        var mistakes = new List<string>();
        for (var at = 0; at < args.Count; at++)
        {
            var word = args[at];
            if (word.Contains('='))
                continue;
            if (!word.StartsWith("--", StringComparison.Ordinal))
                mistakes.Add($"command line: '{word}' is neither a command nor Setting=value; see --help");
            else if (at + 1 < args.Count && !args[at + 1].StartsWith("--", StringComparison.Ordinal))
                at++;
            else
                mistakes.Add($"command line: {word} has no value; see --help");
        }

        if (mistakes.Count > 0)
            throw new ConfigurationException(mistakes);
    }
}
