using System.Text.Json;
using System.Text.Json.Serialization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors;

/// <summary>What a source makes of a body, for people who set one up.</summary>
/// <param name="Outcome"><c>understood</c>, <c>fetch</c>, <c>divided</c>, <c>ignored</c> or <c>unreadable</c>.</param>
/// <param name="Reason">Why it is ignored, or which field breaks which rule.</param>
/// <param name="Note">What a person should know.</param>
/// <param name="Left">What of it could not be understood, and is parked.</param>
/// <param name="EventKey">The key by which its redeliveries are known.</param>
/// <param name="Is">What it becomes, such as <c>OrderStated</c>.</param>
/// <param name="Change">All that was understood. Personal data.</param>
public sealed record ReadingView(
    string Outcome, string? Reason = null, string? Note = null, string? Left = null, string? EventKey = null,
    string? Is = null, JsonElement? Change = null)
{
    public const string Unreadable = "unreadable";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>What a source would make of a body that came now; nothing happens.</summary>
    public static ReadingView Try(
        ISource source, string name, string? topic, ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        Of(source.Read(new Receipt
        {
            Id = Guid.CreateVersion7(now),
            Source = name,
            Topic = topic ?? "",
            Body = body,
            ReceivedAt = now,
        }));

    public static ReadingView Of(Reading reading) => reading switch
    {
        Reading.Understood understood => new ReadingView(
            "understood", null, understood.Note, understood.Left, understood.EventKey, understood.Change.GetType().Name,
            JsonSerializer.SerializeToElement(understood.Change, understood.Change.GetType(), Json)),
        Reading.Fetch fetch => new ReadingView(
            "fetch", $"the order is fetched from {fetch.Address}, and what comes from there is read"),
        Reading.Divided divided => new ReadingView("divided", divided.Why),
        Reading.Ignored ignored => new ReadingView("ignored", ignored.Reason),
        Reading.Unreadable unreadable => new ReadingView(Unreadable, unreadable.Reason),
        _ => throw new ArgumentException("There is no such reading.", nameof(reading)),
    };
}
