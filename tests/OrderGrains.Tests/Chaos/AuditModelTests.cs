using OrderGrains.Chaos.Judging;
using OrderGrains.Sandbox;
using Xunit;

namespace OrderGrains.Tests.Chaos;

/// <summary>The product's own audit decides nothing, and must say what the judge says.</summary>
public sealed class AuditModelTests
{
    private static readonly Audit Balanced = new(
        new AuditReceipts(1, 1, 0, 0, 0, 0, 0), new AuditMessages(0, 0, 0, 0, 0),
        new AuditStock(0, 0, 0, 0, 0, 0, 0), true);

    private readonly JudgedRun _run = JudgedRun.Well();

    [Fact]
    public void An_audit_that_says_what_the_judge_says_is_well() => Assert.Empty(Judge(Balanced));

    [Fact]
    public void An_audit_that_is_balanced_while_the_judge_finds_a_fault_is_wrong() =>
        Assert.Contains("the judge has found 1", Assert.Single(Judge(Balanced, new Violation("#1", "Wrong."))).What,
            StringComparison.Ordinal);

    [Fact]
    public void An_audit_that_finds_what_the_judge_does_not_is_wrong() => Assert.NotEmpty(
        Judge(Balanced with { Balanced = false, Stock = Balanced.Stock with { Unowned = 3 } }));

    [Fact]
    public void An_audit_that_counts_other_receipts_is_wrong() => Assert.Single(
        Judge(Balanced with { Receipts = Balanced.Receipts with { Received = 2, Applied = 2 } }));

    [Fact]
    public void No_audit_is_a_fault() => Assert.Single(Judge(null));

    private List<Violation> Judge(Audit? audit, params Violation[] found) => [.. AuditModel.Judge(
        audit, found, _run.World(),
        new DatabaseFacts { Receipts = [_run.Receipts[0]], Stock = _run.RightLevels() })];
}
