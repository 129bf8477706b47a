using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrderGrains.Console.Pages;

/// <summary>A whole and the parts that must make it.</summary>
internal sealed record Equation(
    string Title, long Whole, string WholeText,
    IReadOnlyList<(string Sign, long Count, string Text, string? Href)> Parts, string? Remark)
{
    public long Sum => Parts.Sum(part => part.Count);

    public bool Holds => Sum == Whole;
}

/// <summary>Whether all that came in is accounted for.</summary>
internal sealed class AuditModel(Auditor auditor, TimeProvider time) : PageModel
{
    public AuditView Audit { get; private set; } = null!;

    public DateTimeOffset CountedAt { get; private set; }

    public Equation Receipts => new(
        "Receipts", Audit.Receipts.Received, "received",
        [
            ("=", Audit.Receipts.Applied, "applied", "/receipts?outcome=applied"),
            ("+", Audit.Receipts.Duplicate, "duplicate", "/receipts?outcome=duplicate"),
            ("+", Audit.Receipts.Stale, "stale", "/receipts?outcome=stale"),
            ("+", Audit.Receipts.Ignored, "ignored", "/receipts?outcome=ignored"),
            ("+", Audit.Receipts.Parked, "parked", "/parked?kind=receipt"),
            ("+", Audit.Receipts.Pending, "pending", "/receipts?outcome=pending"),
        ],
        Audit.Receipts.Pending > 0
            ? $"The oldest pending has waited {Waited(Audit.Receipts.OldestPendingSeconds)}."
            : null);

    public Equation Messages => new(
        "Messages", Audit.Messages.Created, "created",
        [
            ("=", Audit.Messages.Delivered, "delivered", null),
            ("+", Audit.Messages.Superseded, "superseded", null),
            ("+", Audit.Messages.Parked, "parked", "/parked?kind=message"),
            ("+", Audit.Messages.Due, "due", "/destinations"),
        ],
        null);

    public IReadOnlyList<(long Count, string Text)> Stock =>
    [
        (Audit.Stock.Oversold, "oversold: more reserved than on hand"),
        (Audit.Stock.Unbalanced, "unbalanced: reserved is not the sum of its reservations"),
        (Audit.Stock.OrphanReservations, "orphan reservations: their order is unknown or finished"),
        (Audit.Stock.Overcommitted, "overcommitted: units that warehouses have orders for beyond those on hand"),
        (Audit.Stock.Unowned, "unowned: units reserved, or in line, that no live order counts on"),
        (Audit.Stock.Unheld, "unheld: units that live orders count on and no reservation has"),
        (Audit.Stock.Contradicted, "contradicted: stocks of which more was shipped than was counted"),
    ];

    public async Task OnGetAsync()
    {
        CountedAt = time.GetUtcNow();
        Audit = await auditor.CountAsync();
    }

    private static string Waited(double seconds) =>
        Words.Duration(TimeSpan.FromSeconds(seconds)) is { Length: > 0 } text ? text : "under 5 s";
}
