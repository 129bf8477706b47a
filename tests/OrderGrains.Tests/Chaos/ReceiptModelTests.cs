using System.Net;
using System.Text;
using OrderGrains.Chaos.Judging;
using Xunit;
using static OrderGrains.Tests.Chaos.JudgedRun;

namespace OrderGrains.Tests.Chaos;

/// <summary>What becomes of each webhook, by what its sender was answered.</summary>
public sealed class ReceiptModelTests
{
    private readonly JudgedRun _run = Well();

    [Fact]
    public void A_200_whose_receipt_is_lost_is_found()
    {
        _run.Receipts.RemoveAll(row => row.DeliveryId == "create");
        Assert.Equal("receipt lost", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void An_order_that_had_its_200_and_has_no_row_is_found()
    {
        _run.Rows.Clear();
        Assert.Equal("order lost", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void A_webhook_without_a_200_may_be_there_or_not()
    {
        _run.Tries[0] = _run.Tries[0] with { Status = HttpStatusCode.ServiceUnavailable };
        Assert.Empty(_run.Judge());
        _run.Receipts.RemoveAll(row => row.DeliveryId == "create");
        Assert.Empty(_run.Judge());
    }

    [Fact]
    public void A_receipt_that_is_pending_or_parked_is_found()
    {
        _run.Receipts[0] = _run.Receipts[0] with { Outcome = "pending" };
        Assert.Equal("pending", Assert.Single(_run.Judge()).Kind);
        _run.Receipts[0] = _run.Receipts[0] with { Outcome = "parked" };
        Assert.Equal("parked", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void A_stale_receipt_needs_a_newer_one()
    {
        _run.Hears("acme", "late", "orders/updated", OrderId, "stale", new ReceiptSaid(At: At(1)));
        Assert.Equal("stale", Assert.Single(_run.Judge()).Kind);
        _run.Hears("acme", "newer", "orders/paid", OrderId, said: new ReceiptSaid(At: At(2)));
        Assert.Empty(_run.Judge());
    }

    [Fact]
    public void A_stale_count_needs_a_later_count_of_each_of_its_SKUs()
    {
        _run.Counts("S1", 10, -5, told: 6);
        _run.Receipts[^1] = _run.Receipts[^1] with { Outcome = "stale" };
        Assert.Empty(_run.Judge());
        _run.Receipts[^1] = _run.Receipts[^1] with { Said = _run.Receipts[^1].Said with { Skus = ["S1", "S8"] } };
        Assert.Equal("stale", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void One_webhook_takes_effect_once()
    {
        _run.Tries.Add(_run.Tries[0]);
        _run.Receipts.Add(_run.Receipts[0] with { Outcome = "duplicate" });
        Assert.Empty(_run.Judge());
        _run.Receipts[^1] = _run.Receipts[^1] with { Outcome = "applied" };
        Assert.Equal("applied twice", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void A_receipt_that_nobody_sent_is_found()
    {
        _run.Receipts.Add(_run.Receipts[0] with { DeliveryId = "unheard-of", Outcome = "duplicate" });
        Assert.Equal("receipt invented", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void A_message_that_is_due_is_found()
    {
        _run.Messages.Add(new MessageRow("east", "change", "due", Key, "acme-700-1", 3, "503", null));
        Assert.Equal("due", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void A_body_says_its_time_and_what_it_is_about()
    {
        Assert.Equal(At(0), Read(
            """{"created_at":"2026-11-29T04:00:00-05:00","updated_at":"2026-11-29T05:00:00-05:00"}""").At);
        Assert.Equal(At(0), Read("""{"order_edit":{"committed_at":"2026-11-29T10:00:00Z"}}""").At);
        var refused = Read("""{"type":"order.refused","data":{"reference":"acme-1-1","reason":"x"}}""");
        Assert.Equal(("order.refused", "acme-1-1"), (refused.Type, refused.Reference));
        var counted = Read(
            """
            {"type":"stock.counted","data":{"location":"east","asOf":"2026-11-29T10:00:00Z","items":[{"sku":"S1"}]}}
            """);
        Assert.Equal(["S1"], counted.Skus!);
        Assert.Equal(ReceiptSaid.Nothing, Read("not json"));
    }

    private static ReceiptSaid Read(string body) => ReceiptBody.Read(Encoding.UTF8.GetBytes(body));
}
