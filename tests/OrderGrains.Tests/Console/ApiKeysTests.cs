using Microsoft.Extensions.Time.Testing;
using OrderGrains.Console;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class ApiKeysTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ordergrains-keys-").FullName;

    private readonly FakeTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_first_start_makes_an_admin_key_and_shows_it_once()
    {
        var first = new StringWriter();
        ApiKeys.Load(new ApiOptions(), _directory, first, _time);
        var path = Path.Combine(_directory, "admin-key");
        var secret = File.ReadAllText(path).Trim();
        Assert.Equal(64, secret.Length);
        Assert.Contains(secret, first.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        var second = new StringWriter();
        var keys = ApiKeys.Load(new ApiOptions(), _directory, second, _time);
        Assert.DoesNotContain(secret, second.ToString(), StringComparison.Ordinal);
        Assert.Contains(path, second.ToString(), StringComparison.Ordinal);
        Assert.Equal(ApiRole.Admin, keys.Find(secret)?.Role);
        Assert.Single(Directory.GetFiles(_directory));
    }

    [Fact]
    public void A_configured_key_leaves_no_file()
    {
        var output = new StringWriter();
        var keys = ApiKeys.Load(Options("ops", ApiRole.Operator, "0123456789abcdef"), _directory, output, _time);
        Assert.Equal("ops", keys.Find("0123456789abcdef")?.Name);
        Assert.Null(keys.Find("0123456789abcdeF"));
        Assert.Null(keys.Find(""));
        Assert.Empty(output.ToString());
        Assert.Empty(Directory.GetFiles(_directory));
    }

    [Theory]
    [InlineData("", "0123456789abcdef")]
    [InlineData("ops", "short")]
    public void An_unusable_key_is_named(string name, string secret)
    {
        var options = Options(name, ApiRole.Viewer, secret);
        var mistake = Assert.Throws<InvalidOperationException>(
            () => ApiKeys.Load(options, _directory, TextWriter.Null, _time));
        Assert.Contains("Api:Keys:0", mistake.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stamp_ends_with_the_name_the_role_or_the_secret()
    {
        string Stamp(string name, ApiRole role, string secret) =>
            ApiKeys.Load(Options(name, role, secret), _directory, TextWriter.Null, _time).Find(secret)!.Stamp;

        var stamp = Stamp("ops", ApiRole.Viewer, "0123456789abcdef");
        Assert.Equal(stamp, Stamp("ops", ApiRole.Viewer, "0123456789abcdef"));
        string[] others =
        [
            Stamp("ops", ApiRole.Admin, "0123456789abcdef"), Stamp("op", ApiRole.Viewer, "0123456789abcdef"),
            Stamp("ops", ApiRole.Viewer, "0123456789abcdeg"),
        ];
        Assert.DoesNotContain(stamp, others, StringComparer.Ordinal);
    }

    [Fact]
    public void An_expired_key_opens_nothing_and_ends_what_it_opened()
    {
        var options = Options("ops", ApiRole.Viewer, "0123456789abcdef");
        options.Keys[0].ExpiresAt = _time.GetUtcNow().AddDays(1);
        var keys = ApiKeys.Load(options, _directory, TextWriter.Null, _time);
        var stamp = keys.Find("0123456789abcdef")!.Stamp;
        Assert.True(keys.IsCurrent(stamp));

        _time.Advance(TimeSpan.FromDays(1));

        Assert.Null(keys.Find("0123456789abcdef"));
        Assert.False(keys.IsCurrent(stamp));
    }

    private static ApiOptions Options(string name, ApiRole role, string secret) =>
        new() { Keys = [new ApiKeyOptions { Name = name, Role = role, Secret = secret }] };
}
