using Microsoft.Extensions.Configuration;
using OrderGrains.Tests.Storage.Sqlite;
using Xunit;

namespace OrderGrains.Tests.Configuration;

public sealed class OddityTests
{
    [Fact]
    public void An_ordinary_configuration_has_none() => Assert.Empty(Of(Configured.Right));

    [Fact]
    public void No_source_is_told() =>
        Assert.Equal(["Sources: none is configured, so no webhook is taken"], Of("{}"), StringComparer.Ordinal);

    [Fact]
    public void What_is_odd_is_told_with_its_path_and_never_with_a_secret()
    {
        var told = Of("""
            {
              "Sources": {
                "acme": { "Kind": "Shopify", "Secrets": ["<the app's client secret>"], "Locations": ["east"] }
              },
              "Warehouses": {
                "east-wms": {
                  "Kind": "Http", "BaseUrl": "http://wms.example.com", "Locations": ["east"],
                  "Secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
                }
              }
            }
            """);

        Assert.Equal(
            [
                "Warehouses:east-wms: no source has it as its Warehouse, so its shipments and stock are never heard "
                    + "of",
                "Sources:acme:Secrets:0: is a placeholder as in the documentation",
                "Warehouses:east-wms:BaseUrl: is plain http, so what is said can be read and changed on its way",
            ],
            told, StringComparer.Ordinal);
    }

    [Fact]
    public void A_file_of_secrets_that_everybody_can_read_is_told()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other rights.");
            return;
        }

        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory.Path);
        var file = Path.Combine(directory.Path, "ours.json");
        File.WriteAllText(file, Configured.Right);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal(
            [$"{file}: holds secrets, and every user of this machine can read it: chmod 600"],
            OfFile(), StringComparer.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Assert.Empty(OfFile());

        IEnumerable<string> OfFile() => Of(new ConfigurationBuilder().AddJsonFile(file).Build());
    }

    private static IEnumerable<string> Of(string json) => Of(new ConfigurationBuilder()
        .AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build());

    private static IEnumerable<string> Of(IConfigurationRoot configuration) =>
        Oddities.Of(configuration, ConfigurationCheck.Read(configuration));
}
