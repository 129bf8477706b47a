using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderGrains.Console;

/// <summary>Reads what a request says, and gathers every mistake by field.</summary>
internal sealed class RequestReader
{
    public const int LimitDefault = 50;

    /// <summary>Longest text that a filter or a reason may be.</summary>
    public const int TextLengthMax = 500;

    private readonly Dictionary<string, string> _mistakes = new(StringComparer.Ordinal);

    public bool Failed => _mistakes.Count > 0;

    /// <summary>Each mistake, for a page.</summary>
    public IReadOnlyList<string> Said => [.. _mistakes.Select(mistake => $"{mistake.Key} {mistake.Value}")];

    public ProblemHttpResult Problem => Problems.Invalid(_mistakes);

    public PageRequest Page(string? limit, string? cursor)
    {
        if (string.IsNullOrEmpty(limit))
            return new PageRequest(LimitDefault, Text("cursor", cursor));
        if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > PageRequest.LimitMax)
            _mistakes["limit"] = $"must be a whole number from 1 to {PageRequest.LimitMax}.";
        return new PageRequest(count, Text("cursor", cursor));
    }

    public T? Choice<T>(string field, string? text) where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
            return null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (text.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
                return value;
        }

        _mistakes[field] = $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(value => value.Word()))}.";
        return null;
    }

    /// <summary>A plus sign in a query arrives as a space; a time has no other.</summary>
    public DateTimeOffset? Time(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        const string format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
        var offsetGiven = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-', ' ']) > "yyyy-MM-ddT".Length;
        const DateTimeStyles styles = DateTimeStyles.AdjustToUniversal;
        var exact = text.Replace(' ', '+');
        var culture = CultureInfo.InvariantCulture;
        if (offsetGiven && DateTimeOffset.TryParseExact(exact, format, culture, styles, out var time))
            return time;
        _mistakes[field] = "must be an RFC 3339 time with its offset, such as 2026-03-01T00:00:00Z.";
        return null;
    }

    public string? Text(string field, string? text)
    {
        if (text?.Length > TextLengthMax)
            _mistakes[field] = $"must have at most {TextLengthMax} characters.";
        // No database has a place for it.
        else if (text?.Contains('\0', StringComparison.Ordinal) == true)
            _mistakes[field] = "must not hold the character U+0000.";
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    public string Required(string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            _mistakes[field] = "must be given.";
        return Text(field, text) ?? "";
    }

    public int Units(string field, int? units)
    {
        if (units is not (>= 0 and <= StockDesk.OnHandMax))
            _mistakes[field] = $"must be a whole number from 0 to {StockDesk.OnHandMax}.";
        return units ?? 0;
    }

    /// <summary>Things a second; null: no bound.</summary>
    public double? Rate(string field, double? perSecond)
    {
        if (perSecond is not (null or >= 0.01 and <= 10_000))
            _mistakes[field] = "must be a number from 0.01 to 10000.";
        return perSecond;
    }

    public void Mistake(string field, string rule) => _mistakes[field] = rule;

    /// <summary>The body; null when there is none. Anything but JSON of this shape is a mistake.</summary>
    public async Task<T?> BodyAsync<T>(HttpRequest request) where T : class
    {
        if (request.ContentLength is 0 || (request.ContentLength is null && request.ContentType is null))
            return null;
        try
        {
            return await request.ReadFromJsonAsync<T>(request.HttpContext.RequestAborted);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            var path = (exception as JsonException)?.Path?.TrimStart('$', '.');
            _mistakes[string.IsNullOrEmpty(path) ? "body" : path] = "must be JSON of the documented shape.";
            return null;
        }
    }
}
