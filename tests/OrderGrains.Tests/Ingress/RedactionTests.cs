using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Storage;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>
/// A buyer of a shop asks that their data be erased. Judged by what is left: the whole database and all that was
/// logged.
/// </summary>
public sealed class RedactionTests
{
    private const string Email = "ada.lovelace@example.net";

    private static readonly string[] Words =
        ["Lovelace", "James Square", "SW1Y 4JH", "7946 0000", Email, "tracked-by-Ada"];

    private string _sku = "";

    [Fact]
    public async Task Nothing_of_the_buyer_is_left_once_the_last_order_is_over_and_the_numbers_are()
    {
        using var log = new LogLines();
        var product = RunningProduct.With();
        product.Log = log;
        var erased = false;
        product.AtEnd = async () =>
        {
            if (!erased)
                return;
            Assert.Empty(await FindWordsAsync(product.Database));
            Assert.DoesNotContain(log.All, line => Words.Any(word => line.Contains(word, StringComparison.Ordinal)));
        };
        await product.InitializeAsync();
        await using (product)
        {
            await RunAsync(product);
            erased = true;
        }
    }

    private async Task RunAsync(RunningProduct product)
    {
        var (closed, open) = (new HandOrder(product), new HandOrder(product));
        _sku = RunningProduct.LeftAlone + closed.OrderId;
        await closed.CountAsync(_sku, 10);
        foreach (var order in (HandOrder[])[closed, open])
        {
            await order.SendAsync(Stated(order, 1));
            await order.AsksForAsync(1, (1, _sku, 2));
        }

        Assert.Equal("stale", await closed.SendAsync(Stated(closed, 0)));
        Assert.Equal("ignored", await closed.SendAsync(new JsonObject { ["email"] = Email }, "customers/update"));
        Assert.Equal("ignored", await closed.SendAsync(
            new JsonObject { ["order_id"] = JsonNode.Parse(closed.OrderId), ["to"] = "Lovelace" }, "returns/request"));
        await closed.ShipAsync("p1", "T1", (1, 2));
        await closed.WhenAsync("shipped");
        Assert.Equal(Words[..5], await FindWordsAsync(product.Database), StringComparer.Ordinal);
        var export = await PostAsync(product, "/api/v1/sources/acme/export", new { email = Email.ToUpperInvariant() });
        Assert.Equal(
            [closed.OrderId, open.OrderId],
            export.GetProperty("orders").EnumerateArray()
                .Select(o => o.GetProperty("order").GetProperty("orderId").GetString()).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.Contains("James Square", export.ToString(), StringComparison.Ordinal);

        // What is parked may be an order that is still to be sent. So the request waits, and so does its twin.
        Assert.Equal("parked", await closed.SendAsync(new JsonObject { ["email"] = Email }, "orders/create"));
        foreach (var _ in (int[])[1, 2])
            Assert.Equal("parked", await closed.SendAsync(Request(closed), "customers/redact"));
        var parked = (await product.GetAsync("/api/v1/parked?kind=receipt", TestContext.Current.CancellationToken))
            .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())
            .Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(3, parked.Length);
        await PostAsync(product, $"/api/v1/parked/{parked[0]}/discard", new { reason = "a try" });
        await PostAsync(product, $"/api/v1/parked/{parked[1]}/resume", new { });
        await product.GetWhenAsync(
            "/api/v1/parked?kind=receipt", page => page.GetProperty("items").GetArrayLength() == 0);
        // A webhook that came before the twin is done would make it wait for a person.
        await product.GetWhenAsync(
            "/api/v1/receipts?outcome=pending", page => page.GetProperty("items").GetArrayLength() == 0);

        var erased = await closed.WhenAsync("shipped");
        Assert.Equal(JsonValueKind.Null, erased.GetProperty("shipTo").ValueKind);
        Assert.Equal(
            ("acme customers/redact", true),
            (erased.GetProperty("redaction").GetProperty("by").GetString(),
                erased.GetProperty("redaction").GetProperty("done").GetBoolean()));
        Assert.Equal(2, erased.GetProperty("lines")[0].GetProperty("shipped").GetInt32());
        Assert.Contains("order.redacted", erased.GetProperty("timeline").ToString(), StringComparison.Ordinal);

        // By its address the open order is the buyer's too: the warehouse still needs it.
        var waits = await open.WhenAsync("released");
        Assert.False(waits.GetProperty("redaction").GetProperty("done").GetBoolean());
        Assert.Equal("Ada Lovelace", waits.GetProperty("shipTo").GetProperty("name").GetString());

        // What comes late is no way back.
        Assert.Equal("applied", await closed.SendAsync(Stated(closed, 5)));
        Assert.Equal("stale", await closed.SendAsync(Stated(closed, 2)));
        await open.ShipAsync("p2", "T2", (1, 2));
        await open.WhenAsync(o => o.GetProperty("status").GetString() == "shipped"
            && o.GetProperty("redaction").GetProperty("done").GetBoolean());
        Assert.Equal((6, 0, 0), await closed.StockAsync(_sku));
    }

    private static JsonObject Request(HandOrder order) => new()
    {
        ["shop_id"] = 1,
        ["customer"] = new JsonObject { ["id"] = 5, ["email"] = Email, ["phone"] = "+44 20 7946 0000" },
        ["orders_to_redact"] = new JsonArray(JsonNode.Parse(order.OrderId)),
    };

    private JsonObject Stated(HandOrder order, int second)
    {
        var stated = order.Stated(second, (_sku, 2));
        stated["email"] = Email;
        return stated;
    }

    private static async Task<JsonElement> PostAsync(RunningProduct product, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(product.Address, path))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningProduct.AdminKey);
        using var response = await product.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Which of the words are anywhere in the database: in a file of SQLite's, or a row of PostgreSQL's.
    /// </summary>
    private static async Task<IReadOnlyList<string>> FindWordsAsync(TestDatabase database)
    {
        var text = database.Settings is [_, (_, var connection), ..]
            ? await DumpAsync(connection)
            : string.Concat(
                Directory.EnumerateFiles(database.Directory, "*.db*", SearchOption.AllDirectories).Select(Read));
        return [.. Words.Where(word => text.Contains(word, StringComparison.Ordinal)
            || text.Contains(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(word)), StringComparison.Ordinal))];
    }

    /// <summary>Also while the product has it open.</summary>
    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    /// <summary>Every row of every table, as text; bytes in hexadecimal digits.</summary>
    private static async Task<string> DumpAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        var tables = await ListAsync("select quote_ident(tablename) from pg_tables where schemaname = 'public'");
        var rows = new List<string>();
        foreach (var table in tables)
            rows.AddRange(await ListAsync($"select t::text from {table} as t"));
        return string.Join('\n', rows);

        async Task<List<string>> ListAsync(string sql)
        {
            var found = new List<string>();
            await using var command = source.CreateCommand(sql);
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                found.Add(reader.GetString(0));
            return found;
        }
    }
}
