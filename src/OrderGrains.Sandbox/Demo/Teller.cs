using System.Globalization;
using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Sandbox.Demo;

/// <summary>One line per thing that happens: the time, who tells it, the order, and what it was.</summary>
internal sealed class Teller(TextWriter output, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>Knows orders by their number; null until the shop is open.</summary>
    public Shop? Shop { get; set; }

    public void Say(string text)
    {
        lock (_lock)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }

    public void Tell(string who, string order, string what) =>
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{time.GetLocalNow():HH:mm:ss.fff}  {who,-9} {order,-6} {what}"));

    /// <summary>
    /// An order key (<c>source/id</c>) or a release's reference (<c>source-id-1</c>), as <c>#1001</c>.
    /// </summary>
    public string NameOf(string? keyOrReference)
    {
        if (string.IsNullOrEmpty(keyOrReference)) return "";
        foreach (var part in keyOrReference.Split('/', '-'))
        {
            if (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Shop?.Find(id) is { } order) return order.Name;
        }
        return keyOrReference;
    }
}
