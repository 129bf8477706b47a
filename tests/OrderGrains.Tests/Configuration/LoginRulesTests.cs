using OrderGrains.Console;
using Xunit;

namespace OrderGrains.Tests.Configuration;

/// <summary>What stands in <c>Api</c> about people: keys that expire, and the identity provider.</summary>
public sealed class LoginRulesTests
{
    private const string Right = """
        {"Api":{"Login":{"Authority":"https://id.example","ClientId":"console","Roles":{"ops":"Operator"}}}}
        """;

    [Fact]
    public void A_right_one_is_read_as_it_is_written()
    {
        var api = Configured.Read(Configured.Right, Right, """
            {"Api":{"Keys":[{"ExpiresAt":"2027-01-01T00:00:00Z"}],"Login":{"Audience":"orders","Scopes":["groups"]}}}
            """).Api;

        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), api.Keys[0].ExpiresAt);
        Assert.Equal(("https://id.example/", "orders", "roles", ApiRole.Operator), (
            api.Login!.Authority!.ToString(), api.Login.Audience, api.Login.RoleClaim, api.Login.Roles["ops"]));
        Assert.Equal(["groups"], api.Login.Scopes);
        Assert.Null(Configured.Read(Configured.Right).Api.Login);
    }

    [Theory]
    [InlineData("""{"Api":{"Login":{"Authority":"http://id.example"}}}""",
        "Api:Login:Authority: must be an absolute https address")]
    [InlineData("""{"Api":{"Login":{"Authority":"id.example"}}}""",
        "Api:Login:Authority: must be an absolute https address")]
    [InlineData("""{"Api":{"Login":{"Audience":"console"}}}""",
        "Api:Login:Audience: must not be the ClientId: what only says who somebody is would let them call")]
    [InlineData("""{"Api":{"Login":{"ClientId":""}}}""", "Api:Login:ClientId: is missing")]
    [InlineData("""{"Api":{"Login":{"Roles":{"ops":"Boss"}}}}""",
        "Api:Login:Roles:ops: must be one of Viewer, Operator, Admin in this version")]
    [InlineData("""{"Api":{"Login":{"Secret":"hunter2"}}}""",
        "Api:Login:Secret: there is no such setting; known here: Authority, ClientId, ClientSecret, Audience, Scopes, "
        + "RoleClaim, NameClaim, Roles")]
    [InlineData("""{"Api":{"Keys":[{"ExpiresAt":"2027-01-01"}]}}""",
        "Api:Keys:0:ExpiresAt: must be a time with its zone, such as 2026-11-01T00:00:00Z")]
    public void What_cannot_be_is_named(string json, string mistake) =>
        Assert.Equal([mistake], Configured.Mistakes(Configured.Right, Right, json));

    [Fact]
    public void What_is_missing_is_named() => Assert.Equal(
        [
            "Api:Login:Authority: is missing", "Api:Login:ClientId: is missing",
            "Api:Login:Roles: must have at least 1 entries",
        ],
        Configured.MistakesOver("""{"Api":{"Login":{"RoleClaim":"groups"}}}""").Order(StringComparer.Ordinal),
        StringComparer.Ordinal);
}
