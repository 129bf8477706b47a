using System.Globalization;
using System.Text.RegularExpressions;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Tests.Tidy;
using Xunit;

namespace OrderGrains.Tests.Deployment;

public sealed partial class NginxTests
{
    private static readonly string Conf =
        File.ReadAllText(Path.Combine(SourceTree.Root, "deploy", "nginx", "ordergrains.conf"));

    [Fact]
    public void The_product_says_itself_that_a_body_is_too_large()
    {
        var kibibytes = int.Parse(
            BodyMax().Match(Conf).Groups["kibibytes"].Value, CultureInfo.InvariantCulture);
        var productsMax = new IngressOptions().BodyBytesMax;
        Assert.InRange(kibibytes * 1024, productsMax + 1, productsMax + (64 * 1024));
    }

    [Fact]
    public void The_live_line_has_a_location_without_a_buffer() => Assert.Contains(
        "proxy_buffering off;", Location($"= {LiveEndpoint.Path}"), StringComparison.Ordinal);

    [Fact]
    public void A_post_goes_on_to_the_next_silo_where_it_takes_effect_once_and_nowhere_else()
    {
        Assert.Contains("non_idempotent", Location("/webhooks/"), StringComparison.Ordinal);
        Assert.Single(PostsGoOn().Matches(Conf));
    }

    [Fact]
    public void An_answer_is_an_answer() => Assert.DoesNotContain("http_5", Conf, StringComparison.Ordinal);

    [Fact]
    public void Metrics_and_dashboard_are_not_for_the_outside() => Assert.Contains(
        "return 404;", Location("~* ^/(metrics|dashboard)"), StringComparison.Ordinal);

    [Fact]
    public void What_a_sender_says_of_itself_is_written_over()
    {
        Assert.Contains("proxy_set_header X-Forwarded-For $remote_addr;", Conf, StringComparison.Ordinal);
        Assert.Contains("proxy_set_header X-Forwarded-Proto $scheme;", Conf, StringComparison.Ordinal);
        // A location that sets one header takes over none.
        Assert.DoesNotContain("    proxy_set_header", Conf, StringComparison.Ordinal);
    }

    /// <summary>So that a test can include it, with a listener, an upstream and logs of its own.</summary>
    [Fact]
    public void The_shared_part_names_no_listener_and_no_file() => Assert.DoesNotMatch(OfTheIncluding(), Conf);

    private static string Location(string name)
    {
        var from = Conf.IndexOf($"\nlocation {name} {{", StringComparison.Ordinal);
        Assert.True(from >= 0, $"there is no location {name}");
        return Conf[from..Conf.IndexOf("\n}", from, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"client_max_body_size (?<kibibytes>\d+)k;", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex BodyMax();

    [GeneratedRegex(@"^\s*proxy_next_upstream [^;]*non_idempotent", RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex PostsGoOn();

    [GeneratedRegex(@"^\s*(listen|upstream|user|pid|access_log|error_log|include|ssl_\w+)\s",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfTheIncluding();
}
