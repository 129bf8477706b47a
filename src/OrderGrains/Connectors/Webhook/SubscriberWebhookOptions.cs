using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Connectors.Webhook;

/// <summary>Settings of a subscriber of kind <c>Webhook</c>.</summary>
public sealed class SubscriberWebhookOptions
{
    /// <summary>Where events are posted to.</summary>
    [Required] public Uri? Url { get; set; }

    /// <summary>Each signs every event by Standard Webhooks: while one replaces another, both are here.</summary>
    [MinLength(1)] public IList<string> Secrets { get; init; } = [];

    /// <summary>How an event is written. Default: as Standard Webhooks has it.</summary>
    public EventFormat Format { get; set; } = EventFormat.StandardWebhooks;

    /// <summary>Networks that may be called although they are not public, such as <c>10.1.0.0/16</c>.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>One call in all, in seconds. Default 10.</summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 10;
}

/// <summary>How an event is written.</summary>
public enum EventFormat
{
    /// <summary>All of it in the body: <c>type</c>, <c>timestamp</c>, <c>data</c>.</summary>
    StandardWebhooks,

    /// <summary>CloudEvents 1.0 over HTTP in binary mode: the data is the body, all else is in headers.</summary>
    CloudEvents,
}
