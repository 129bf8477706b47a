using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>
/// A buyer's words come by real webhooks, of the shop and of the warehouse. A Viewer finds none of them, on no page and
/// by no call; an Operator does, and the trail says so.
/// </summary>
public sealed class MaskTests
{
    private const string OperatorKey = "an-operator-key-of-a-test";

    /// <summary>
    /// Stands in every field that may hold a buyer's words, but for those that the mask leaves: city and province. Of
    /// the name and the postal code it leaves less than the whole word.
    /// </summary>
    private const string Mark = "qzvxword";

    private const string Email = Mark + "@example.net";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    [Fact]
    public async Task A_viewer_finds_no_word_of_a_buyer_and_an_operator_does()
    {
        var product = RunningProduct.With(
            ("Api:Keys:2:Name", "ops"), ("Api:Keys:2:Role", "Operator"), ("Api:Keys:2:Secret", OperatorKey));
        await product.InitializeAsync();
        await using (product)
        {
            await FillAsync(product);
            var (calls, pages) = (await CallsAsync(product), Pages(product));

            Assert.Empty(await FoundAsync(product, RunningProduct.ViewerKey, calls, pages));
            var found = await FoundAsync(product, OperatorKey, calls, pages);
            foreach (var (path, value) in ((string, string)[])
                [
                    ("/api/v1/orders/{source}/{orderId}", ""), ("/orders/{source}/{orderId}", ""),
                    ("/api/v1/receipts/{id}", "order"), ("/receipts/{id:guid}", "order"),
                    ("/api/v1/receipts/{id}", "parked"), ("/api/v1/receipts/{id}", "refused"),
                ])
            {
                Assert.Contains($"{path} {value}".Trim(), found, StringComparer.Ordinal);
            }

            var trail = await TextAsync(product, "/api/v1/trail/export", RunningProduct.AdminKey);
            Assert.DoesNotContain(Mark, trail, StringComparison.OrdinalIgnoreCase);
            foreach (var look in (string[])["lookOrder", "lookReceipt"])
            {
                Assert.Contains(
                    $"\"role\":\"Operator\",\"means\":\"key\",\"act\":\"{look}\"", Of(trail, "ops"),
                    StringComparison.Ordinal);
            }

            Assert.Contains("\"means\":\"session\",\"act\":\"lookOrder\"", trail, StringComparison.Ordinal);
            Assert.DoesNotContain("\"act\":\"look", Of(trail, "reader"), StringComparison.Ordinal);
        }
    }

    /// <summary>An order that is held by the warehouse's words, and a webhook that nobody can read.</summary>
    private async Task FillAsync(RunningProduct product)
    {
        var order = new HandOrder(product);
        var sku = RunningProduct.LeftAlone + order.OrderId;
        await order.CountAsync(sku, 10);
        var body = Marked(order.Stated(1, (sku, 2)));
        _values["order"] = await product.AcceptedAsync(
            product.ByShopify("acme", Encoding.UTF8.GetBytes(body.ToJsonString())));
        await order.AsksForAsync(1, (1, sku, 2));
        _values["refused"] = await product.AcceptedAsync(product.ByWarehouse(JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type = "order.refused",
                timestamp = TimeProvider.System.GetUtcNow(),
                data = new { reference = order.Reference(), reason = $"there is no {Mark} street" },
            },
            JsonSerializerOptions.Web)));
        await order.WhenAsync("onHold");
        var unreadable = Marked(order.Stated(2, (sku, 2)));
        unreadable["line_items"] = Mark;
        unreadable["id"] = Mark;
        _values["parked"] = await product.AcceptedAsync(
            product.ByShopify("acme", Encoding.UTF8.GetBytes(unreadable.ToJsonString())));
        foreach (var receipt in (string[])["order", "refused", "parked"])
            await product.SettledAsync(_values[receipt]);
        (_values["{source}"], _values["{orderId}"]) = ("acme", order.OrderId);
        (_values["{location}"], _values["{sku}"], _values["{**sku}"]) = ("east", sku, sku);

        JsonObject Marked(JsonObject stated)
        {
            foreach (var field in (string[])["email", "contact_email"])
                stated[field] = Email;
            foreach (var field in (string[])["phone", "note", "cancel_reason", "tags", "browser_ip", "landing_site"])
                stated[field] = Mark;
            stated["note_attributes"] = new JsonArray(new JsonObject { ["name"] = Mark, ["value"] = Mark });
            stated["customer"] = new JsonObject { ["email"] = Email, ["first_name"] = Mark, ["last_name"] = Mark };
            var address = stated["shipping_address"]!.AsObject();
            foreach (var field in (string[])
                ["name", "first_name", "last_name", "company", "address1", "address2", "phone", "zip"])
            {
                address[field] = Mark;
            }

            stated["billing_address"] = address.DeepClone();
            foreach (var line in stated["line_items"]!.AsArray())
            {
                line!["title"] = Mark;
                line["properties"] = new JsonArray(new JsonObject { ["name"] = Mark, ["value"] = Mark });
            }

            return stated;
        }
    }

    /// <summary>Where the mark is found: each call and page, with each value that its address may have.</summary>
    private async Task<IReadOnlyList<string>> FoundAsync(
        RunningProduct product, string key, IReadOnlyList<string> calls, IReadOnlyList<string> pages)
    {
        var found = new List<string>();
        using var browser = new Browser(product.Address);
        (await browser.SignInAsync(key)).Dispose();
        foreach (var call in calls)
        {
            foreach (var (path, name) in Filled(call))
                Look(await TextAsync(product, path, key), name);
        }

        foreach (var page in pages)
        {
            foreach (var (path, name) in Filled(page))
            {
                using var answer = await browser.GetAsync(path);
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Forbidden,
                    $"{path}: {answer.StatusCode}");
                Look(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), name);
            }
        }

        // Nobody learns by a search that there is such a buyer.
        foreach (var words in (string[])[Mark, Email])
        {
            var orders = await TextAsync(product, $"/api/v1/orders?q={Uri.EscapeDataString(words)}", key);
            Assert.Equal(0, JsonElement.Parse(orders).GetProperty("items").GetArrayLength());
            Assert.Contains("No order matches", await browser.TextAsync($"/?q={words}"), StringComparison.Ordinal);
        }

        return found;

        void Look(string text, string name)
        {
            if (text.Contains(Mark, StringComparison.OrdinalIgnoreCase))
                found.Add(name);
        }
    }

    private IEnumerable<(string Path, string Name)> Filled(string path)
    {
        var filled = _values.Where(value => value.Key.StartsWith('{')).Aggregate(
            path, (text, value) => text.Replace(value.Key, value.Value, StringComparison.Ordinal));
        var id = filled.Contains("{id:guid}", StringComparison.Ordinal) ? "{id:guid}" : "{id}";
        return !filled.Contains(id, StringComparison.Ordinal)
            ? [(filled, path)]
            : _values.Where(value => !value.Key.StartsWith('{')).Select(value =>
                (filled.Replace(id, value.Value, StringComparison.Ordinal), $"{path} {value.Key}"));
    }

    private static async Task<IReadOnlyList<string>> CallsAsync(RunningProduct product)
    {
        var document = await product.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        return [.. document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out _)).Select(path => path.Name)];
    }

    private static IReadOnlyList<string> Pages(RunningProduct product) =>
    [
        .. product.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items
            .OfType<PageActionDescriptor>().Where(page => page.ViewEnginePath != "/Problem")
            .Select(page => "/" + page.AttributeRouteInfo!.Template!.TrimStart('/')),
    ];

    private static async Task<string> TextAsync(RunningProduct product, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(product.Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await product.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Forbidden,
            $"{path}: {answer.StatusCode}");
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static string Of(string trail, string actor) => string.Join('\n', trail.Split('\n')
        .Where(line => line.Contains($"\"actor\":\"{actor}\"", StringComparison.Ordinal)));
}
