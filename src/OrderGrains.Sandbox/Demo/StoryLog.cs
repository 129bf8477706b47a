namespace OrderGrains.Sandbox.Demo;

/// <summary>
/// Turns the product's wide log lines into the demo's: <c>order.applied</c>, <c>outbound.*</c> and
/// <c>receipt.settled</c> become one line each; other lines show only from warnings up.
/// </summary>
internal sealed class StoryLog(Teller teller) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) =>
        new Listener(teller, categoryName.StartsWith("OrderGrains.", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private sealed class Listener(Teller teller, bool isProduct) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel is not LogLevel.None && logLevel >= (isProduct ? LogLevel.Information : LogLevel.Error);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
                values[name] = value?.ToString() ?? "";
            if (isProduct && Sentence(eventId.Name, values) is { } sentence)
            {
                if (sentence.Length > 0) teller.Tell("product", teller.NameOf(Value(values, "OrderKey")), sentence);
            }
            else if (logLevel >= LogLevel.Warning)
            {
                teller.Tell("product", teller.NameOf(Value(values, "OrderKey")),
                    $"{logLevel}: {formatter(state, exception)} {exception?.Message}".TrimEnd());
            }
        }

        /// <summary>Null: not one of the story's events. Empty: one that another line tells already.</summary>
        private static string? Sentence(string? eventName, Dictionary<string, string> values) => eventName switch
        {
            "order.applied" => Join(Value(values, "Status"), Value(values, "Summary")),
            "outbound.sent" => Join($"sent to {Value(values, "Destination")}", Value(values, "Summary")),
            "outbound.failed" =>
                Join($"{Value(values, "Destination")} failed, will be tried again", Value(values, "Reason")),
            "outbound.parked" => Join($"PARKED for a person ({Value(values, "Destination")})", Value(values, "Reason")),
            "receipt.settled" => Settled(Value(values, "Outcome") ?? Value(values, "Status"), Value(values, "Reason")),
            _ => null,
        };

        private static string Settled(string? outcome, string? reason) =>
            outcome is null || outcome.Equals("applied", StringComparison.OrdinalIgnoreCase)
                ? ""
                : Join($"webhook is {outcome.ToLowerInvariant()}, changes nothing", reason);

        private static string Join(string? first, string? second) =>
            string.IsNullOrEmpty(second) ? first ?? "" : string.IsNullOrEmpty(first) ? second : $"{first}: {second}";

        private static string? Value(Dictionary<string, string> values, string name) => values.GetValueOrDefault(name);
    }
}
