using System.Runtime.InteropServices;
using Npgsql;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>What groups write into the inbox.</summary>
internal static class PostgresReceipts
{
    /// <summary>A receipt to append, and the process that holds it; null when nobody does.</summary>
    internal readonly record struct Appended(Receipt Receipt, long? Owner);

    public static async Task<IReadOnlyList<bool>> AppendAsync(
        NpgsqlConnection connection, IReadOnlyList<Appended> receipts)
    {
        await using var command = new NpgsqlCommand(Append, connection);
        AddAppended(command, receipts);
        await command.ExecuteNonQueryAsync();
        return Yes(receipts.Count);
    }

    /// <summary>Appends the rows of the first nine parameters.</summary>
    public const string Append =
        """
        insert into receipt (
            id, source, topic, delivery_id, received_at, triggered_at, trace_parent, owner, outcome, body)
        select id, source, topic, delivery_id, received_at, triggered_at, trace_parent, owner, 'pending', body
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            as a (id, source, topic, delivery_id, received_at, triggered_at, trace_parent, owner, body)
        """;

    /// <summary>The parameters of <see cref="Append"/>.</summary>
    public static void AddAppended(NpgsqlCommand command, IReadOnlyList<Appended> receipts) =>
        new ColumnArrays<Appended>(command, receipts)
            .Id(a => a.Receipt.Id).Text(a => a.Receipt.Source).Text(a => a.Receipt.Topic)
            .Text(a => a.Receipt.DeliveryId).Time(a => a.Receipt.ReceivedAt).Time(a => a.Receipt.TriggeredAt)
            .Text(a => a.Receipt.TraceParent).Long(a => a.Owner).Bytes(a => Bytes(a.Receipt.Body));

    public static async Task<IReadOnlyList<bool>> SettleAsync(
        NpgsqlConnection connection, IReadOnlyList<ReceiptSettlement> settlements)
    {
        await using var command = new NpgsqlCommand(
            $"update receipt as r set {Settled} from {Settlements(1)} where {IsSettled(1)}", connection);
        AddSettlements(command, settlements);
        await command.ExecuteNonQueryAsync();
        return Yes(settlements.Count);
    }

    /// <summary>What settling changes, from the rows of <see cref="Settlements"/>.</summary>
    public const string Settled =
        "outcome = s.outcome, reason = s.reason, order_key = s.order_key, settled_at = s.at, owner = null";

    /// <summary>Rows to settle, of six parameters beginning with this one.</summary>
    public static string Settlements(int first) =>
        $"unnest(${first}::int[], ${first + 1}::uuid[], ${first + 2}::text[], ${first + 3}::text[], "
        + $"${first + 4}::text[], ${first + 5}::timestamptz[]) as s (n, id, outcome, reason, order_key, at)";

    /// <summary>
    /// The receipt of a row of <see cref="Settlements"/>, if it is still pending. Much of it says nothing new, and is
    /// there for the plan: the bounds open no other partition, the list of ids lets nothing but these rows be read,
    /// and the empty text keeps the server from reading all that is pending by the index of the pending.
    /// </summary>
    public static string IsSettled(int first) =>
        $"r.id = s.id and r.id = any(${first + 1}) and r.id >= ${first + 6} and r.id <= ${first + 7} "
        + "and r.outcome || '' = 'pending'";

    /// <summary>The parameters of <see cref="Settlements"/> and of <see cref="IsSettled"/>.</summary>
    /// <param name="command">Where they are added.</param>
    /// <param name="settlements">The rows.</param>
    /// <param name="item">Which item of the group a row belongs to; its place among the rows when null.</param>
    public static void AddSettlements(
        NpgsqlCommand command, IReadOnlyList<ReceiptSettlement> settlements, IReadOnlyList<int>? item = null)
    {
        var rows = settlements.Select((settlement, at) => (Item: item?[at] ?? at, Settlement: settlement)).ToArray();
        new ColumnArrays<(int Item, ReceiptSettlement Settlement)>(command, rows)
            .Number(row => row.Item).Id(row => row.Settlement.ReceiptId).Name(row => row.Settlement.Outcome)
            .Text(row => row.Settlement.Reason).Text(row => row.Settlement.OrderKey?.ToString())
            .Time(row => row.Settlement.At);
        var ids = settlements.Select(settlement => settlement.ReceiptId).DefaultIfEmpty();
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ids.Min() });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ids.Max() });
    }

    private static bool[] Yes(int count)
    {
        var all = new bool[count];
        Array.Fill(all, true);
        return all;
    }

    /// <summary>Without a copy where the memory is a whole array, as the endpoint's is.</summary>
    private static byte[] Bytes(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var array) && array.Offset == 0 && array.Count == array.Array!.Length
            ? array.Array
            : body.ToArray();
}
