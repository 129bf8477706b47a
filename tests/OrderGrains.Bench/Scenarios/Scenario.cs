using OrderGrains.Bench.Load;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>One question, asked of several subjects in turns.</summary>
/// <param name="Name">As in <c>--scenario</c>.</param>
/// <param name="Title">Over its table.</param>
/// <param name="Subjects">Who is asked.</param>
/// <param name="QuickSubjects">Who is asked when time is short; empty: the scenario is left out.</param>
/// <param name="ActAsync">Asks one of them once.</param>
internal sealed record Scenario(
    string Name, string Title, IReadOnlyList<Subject> Subjects, IReadOnlyList<Subject> QuickSubjects,
    Func<Run, Task> ActAsync);

/// <summary>
/// One subject's turn in a scenario. Its server is the connection string of a database beside its own.
/// </summary>
internal sealed record Run(
    Scenario Scenario, Subject Subject, BenchOptions Options, string Server, Report Report, TimeProvider Time,
    CancellationToken Cancellation)
{
    /// <summary>Worlds that a scenario keeps from one turn to the next; they end with the scenario.</summary>
    public required Dictionary<string, World> Kept { get; init; }

    public void Add(string measure, Unit unit, double value) =>
        Report.Add(Scenario.Name, Subject.Name, measure, unit, value);

    public Task<World> StartAsync(OrderShape shape) =>
        World.StartAsync(Server, Subject, shape, Time, Cancellation);

    /// <summary>The run's figures do not count when there are faults.</summary>
    public void Judge(IEnumerable<string> faults)
    {
        foreach (var fault in faults) Report.Fail(Scenario.Name, Subject.Name, fault);
    }

    /// <summary>What it took, in all and for each.</summary>
    /// <param name="each">Of what, in one word: an ack, an order.</param>
    /// <param name="count">How many there were.</param>
    /// <param name="before">Used before.</param>
    /// <param name="after">Used after.</param>
    public void AddUsage(string each, long count, Usage before, Usage after)
    {
        var (subject, postgres) = (after.Subject.Cpu - before.Subject.Cpu, after.Postgres.Cpu - before.Postgres.Cpu);
        var (warehouse, load) = (after.Warehouse.Cpu - before.Warehouse.Cpu, after.Load.Cpu - before.Load.Cpu);
        Add("CPU of the subject", Unit.Seconds, subject.TotalSeconds);
        Add("CPU of PostgreSQL", Unit.Seconds, postgres.TotalSeconds);
        Add("CPU of the warehouse", Unit.Seconds, warehouse.TotalSeconds);
        Add("CPU of the load", Unit.Seconds, load.TotalSeconds);
        Add($"CPU of subject and PostgreSQL for each {each}", Unit.Milliseconds,
            (subject + postgres).TotalMilliseconds / Math.Max(count, 1));
        Add($"log of PostgreSQL for each {each}", Unit.Bytes, (after.WalBytes - before.WalBytes) / Math.Max(count, 1));
        Add("memory of the subject, at its peak", Unit.Mebibytes, after.Subject.PeakBytes);
        Add("memory of PostgreSQL, after", Unit.Mebibytes, after.Postgres.PeakBytes);
    }
}
