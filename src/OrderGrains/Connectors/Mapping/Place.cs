using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Mapping;

/// <summary>Where a mapping is in a document.</summary>
/// <param name="Root">The document.</param>
/// <param name="At">Where relative paths begin.</param>
/// <param name="Receipt">What it came in.</param>
/// <param name="Fault">Where faults are noted.</param>
internal sealed record Place(Node Root, Node At, Receipt Receipt, JsonFault Fault)
{
    /// <summary>The first text there, without blanks around it; null when there is none.</summary>
    public string? Text(MapPath path)
    {
        var text = path.Written switch
        {
            MapPath.Topic => Receipt.Topic,
            MapPath.ReceivedAt => Rfc3339.Write(Receipt.Fetched?.At ?? Receipt.ReceivedAt),
            _ => path.Find(Root, At).FirstOrDefault()?.Text,
        };
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
