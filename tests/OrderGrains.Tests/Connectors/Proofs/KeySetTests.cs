using System.Text;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Proofs;
using OrderGrains.Sandbox.Warehouses.ShipStation;
using OrderGrains.Tests.Connectors.Warehouses.ShipStation;
using Xunit;

namespace OrderGrains.Tests.Connectors.Proofs;

public sealed class KeySetTests
{
    private readonly KeySet _keys = new(
        new Uri("https://keys.example/jwks"), FetchRules.At(new Uri("https://keys.example"), new FetchOptions(), []));

    [Fact]
    public void A_set_takes_the_place_of_the_one_before()
    {
        using var first = new ShipStationKey("one");
        using var second = new ShipStationKey("two");
        Assert.Null(_keys.Take(ShipStationSamples.KeySetOf(first)));
        Assert.NotNull(_keys.Find("one"));

        Assert.Null(_keys.Take(ShipStationSamples.KeySetOf(second)));

        Assert.Null(_keys.Find("one"));
        Assert.NotNull(_keys.Find("two"));
    }

    [Theory]
    [InlineData("<html>", "it is no JSON")]
    [InlineData("[]", "it is no JSON Web Key Set")]
    [InlineData("{}", "it is no JSON Web Key Set")]
    [InlineData("""{"keys":[]}""", "it has no RSA key to verify with")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a"},{"kty":"RSA","kid":"b","n":"AQAB","e":"AQAB"}]}""",
        "it has no RSA key to verify with")]
    public void What_has_no_keys_changes_nothing(string document, string why)
    {
        using var known = new ShipStationKey("one");
        _keys.Take(ShipStationSamples.KeySetOf(known));

        Assert.Equal(why, _keys.Take(Encoding.UTF8.GetBytes(document)));
        Assert.NotNull(_keys.Find("one"));
    }

    [Theory]
    [InlineData("use", "enc")]
    [InlineData("alg", "PS256")]
    [InlineData("kid", "")]
    [InlineData("n", "%")]
    [InlineData("e", "")]
    public void A_key_for_something_else_is_none(string field, string value)
    {
        using var key = new ShipStationKey("one");
        var entry = key.Public();
        entry[field] = value;

        Assert.NotNull(_keys.Take(Encoding.UTF8.GetBytes($$"""{"keys":[{{entry.ToJsonString()}}]}""")));
    }
}
