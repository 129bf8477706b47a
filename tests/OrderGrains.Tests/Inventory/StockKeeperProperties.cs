using CsCheck;
using OrderGrains.Inventory;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Inventory;

/// <summary>
/// Two activations keep one stock at the same time; their calls gather, commits fail before or after they are written,
/// and whoever was not answered asks again. In the end the database is what a model of the words comes to.
/// </summary>
public sealed class StockKeeperProperties
{
    private const int LinesMax = 6;

    private static readonly Gen<Call> AnyCall = Gen.Select(
        Gen.Enum<Act>(), Gen.Int[0, LinesMax - 1], Gen.Int[0, 9], Gen.Int[0, 4], Gen.Int[0, 1], Gen.Int[0, 12],
        Gen.Int[0, 4],
        (act, who, units, atWarehouse, keeper, second, forgotten) =>
            new Call(act, who, units, atWarehouse, keeper, OrderWorld.Noon.AddSeconds(second), forgotten == 0));

    /// <summary>Calls at once, and what becomes of the commits that they share.</summary>
    private static readonly Gen<(Call[] Calls, Fault?[] Faults)> AnyStep = Gen.Select(
        AnyCall.Array[1, 4],
        Gen.Int[0, 5].Select(at => at switch
        {
            0 => Fault.BeforeCommit,
            1 => Fault.AfterCommit,
            _ => (Fault?)null,
        }).Array[0, 2]);

    private enum Act
    {
        Reserve,
        Try,
        Ship,
        Release,
        Count,
        Adjust,
    }

    [Fact]
    public Task Whatever_fails_and_whoever_else_is_active_every_unit_is_where_the_words_put_it() =>
        AnyStep.Array[1, 30].SampleAsync(
            async steps =>
            {
                var story = new Story();
                foreach (var (calls, faults) in steps)
                    await story.PlayAsync(calls, faults);
            },
            iter: 2_000);

    /// <param name="At">When it happened, which is not when it is told.</param>
    /// <param name="Forgets">It is said by an activation of the order that has not heard of all shipments.</param>
    private sealed record Call(
        Act Act, int Who, int Units, int AtWarehouse, int Keeper, DateTimeOffset At, bool Forgets);

    private sealed class Story
    {
        private static readonly StockKey Key = new("east", "MUG");
        private readonly FakeStockStore _store = new();
        private readonly StockModel _model = new(LinesMax);
        private readonly List<ShippedUnits>[] _shipped =
            [.. Enumerable.Range(0, LinesMax).Select(_ => new List<ShippedUnits>())];
        private readonly StockKeeper?[] _keepers = new StockKeeper?[2];
        private int _moments;

        public async Task PlayAsync(Call[] calls, Fault?[] faults)
        {
            var alone = calls.All(call => call.Keeper == calls[0].Keeper)
                && KeeperOf(calls[0].Keeper).Level.Version == _store.Level.Version;

            // Of two at once, one loses anyway; with a fault besides, nobody could tell which of them was first. What
            // was written and not answered is said again by one call alone: others would stand between.
            if (alone)
                faults.ToList().ForEach(_store.Coming.Enqueue);
            if (alone && faults.Contains(Fault.AfterCommit))
                calls = calls[..1];

            // What an order says again comes after what it said: of each line there is one call at a time then.
            if (!alone || faults.Any(f => f is not null))
                calls = [.. calls.DistinctBy(call => call.Who)];

            var open = _store.Hold();
            var acts = calls.Select(call => (Keeper: call.Keeper, Act: Prepare(call))).ToArray();
            var answers = acts.Select(act => SaidAsync(act.Act.Say(KeeperOf(act.Keeper)))).ToArray();
            open();
            var failed = new List<(Func<StockKeeper, Task<bool>> Say, Action Model)>();
            foreach (var (said, (_, act)) in (await Task.WhenAll(answers)).Zip(acts))
            {
                if (said is not { } yes)
                    failed.Add(act);
                else if (yes || alone)
                    act.Model();
            }

            foreach (var act in failed)
            {
                // Of the newest: an old "no" would say nothing of what was written and not answered.
                while (await SaidAsync(act.Say(NewestOf(_moments++ % 2))) is null) { }
                act.Model();
            }

            _store.Coming.Clear();
            Check();
        }

        private StockKeeper NewestOf(int which)
        {
            if (_keepers[which]?.Level.Version != _store.Level.Version)
                _keepers[which] = null;
            return KeeperOf(which);
        }

        private StockKeeper KeeperOf(int which) => _keepers[which] ??= new StockKeeper(
            Key, _store.Stored, _store, TimeProvider.System)
        {
            Broken = () => _keepers[which] = null,
            Nudge = _ => Task.CompletedTask,
            SayShort = _ => Task.CompletedTask,
        };

        /// <summary>Null when the call failed, and must be made again.</summary>
        private static async Task<bool?> SaidAsync(Task<bool> answer)
        {
            try
            {
                return await answer;
            }
            catch (StorageException)
            {
                return null;
            }
        }

        /// <summary>
        /// A "no" that changes nothing may rest on what was before: unless the keeper is alone, the model is not told.
        /// </summary>
        private async Task<bool> ReserveAsync(StockKeeper keeper, int who, ReservationRequest request) =>
            (await keeper.ReserveAsync(request)).Outcome != ReservationOutcome.Insufficient
            || request.Shipped.Any(units => !_model.Knows(who, units));

        private static async Task<bool> MoveAsync(Task<StockAnswer> answer) =>
            (await answer).Outcome != StockOutcome.BelowReserved;

        private (Func<StockKeeper, Task<bool>> Say, Action Model) Prepare(Call call)
        {
            var at = call.At;
            _moments++;
            switch (call.Act)
            {
                case Act.Count:
                    var name = $"count {_moments}";
                    return (k => MoveAsync(k.CountAsync(call.Units, at, name)), () => _model.Count(call.Units, at));
                case Act.Adjust:
                    var id = $"{call.Who}{_moments / 7}";
                    return (k => MoveAsync(k.AdjustAsync(call.Units - 4, "", at, id)),
                        () => _model.Adjust(call.Units - 4, id, at));
                default:
                    var wanted = call.Act == Act.Release ? 0 : call.Units / 2;
                    var left = call.Act == Act.Ship ? call.Units / 3 : 0;
                    if (left > 0)
                        _shipped[call.Who].Add(new ShippedUnits($"S{_moments}", left, at));

                    ShippedUnits[] heard =
                        [.. _shipped[call.Who].Take(call.Forgets ? _shipped[call.Who].Count / 2 : int.MaxValue)];

                    // As orders do: they mark what they may release at once, and keep marked what they released, less
                    // all that they say has left. A mark on more than is held would count only when said again.
                    var leaves = heard.Where(units => !_model.Knows(call.Who, units)).Sum(units => units.Units);
                    var kept = Math.Max(0, _model.Lines[call.Who].AtWarehouse - leaves);
                    var atWarehouse = Math.Min(call.Act == Act.Try ? wanted : kept, call.AtWarehouse);
                    var request = new ReservationRequest(
                        new OrderKey("acme", $"{call.Who}"), "1", wanted, heard,
                        OrderWorld.Noon.AddSeconds(call.Who), call.Act != Act.Try, atWarehouse);
                    return (k => ReserveAsync(k, call.Who, request), () => _model.Reserve(call.Who, request));
            }
        }

        private void Check()
        {
            var level = _store.Level;
            var all = _store.Reservations.Values.OrderBy(r => r.PlacedAt).ToArray();
            Assert.InRange(level.Reserved, 0, level.OnHand);
            Assert.Equal(level.Reserved, all.Sum(r => r.Quantity));
            Assert.All(all, r => Assert.InRange(r.AtWarehouse, 0, r.Quantity));
            Assert.All(all, r => Assert.Equal(r.Waiting > 0, r.State == ReservationState.Waiting));
            Assert.Equal(level.Shortfall > 0, level.Units < level.Reserved);
            Assert.Equal(_model.Units, level.Units);

            // First come, first served: nobody waits for what is there, or for what a later order has not released.
            if (Array.FindIndex(all, r => r.Waiting > 0) is >= 0 and var first)
            {
                Assert.True(all[first].Waiting > level.Available);
                Assert.DoesNotContain(all[(first + 1)..], r => r.Quantity > r.AtWarehouse);
            }

            var lines = Enumerable.Range(0, LinesMax).Select(who =>
                all.FirstOrDefault(r => r.Order.OrderId == $"{who}") is { } r
                    ? $"{r.Quantity}({r.AtWarehouse})+{r.Waiting}-{r.Consumed}" : "0(0)+0-0");
            Assert.Equal(_model.Text(),
                $"{level.OnHand} on hand, {level.Shortfall} short: {string.Join(' ', lines)}");
        }
    }
}
