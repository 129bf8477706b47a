using System.Text;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Ingress;

public sealed class BuyerWordsTests
{
    [Theory]
    [InlineData("""{"email":"Zo\u00ef+Tag@Example.net"}""", true)]
    [InlineData("""{"email":"zoï\u002Btag\u0040example.net"}""", true)]
    [InlineData("<email>zo&#239;+tag@example.net</email>", true)]
    [InlineData("""{"email":"other@example.net"}""", false)]
    [InlineData("""{"id":450789469}""", true)]
    [InlineData("""{"id":"gid:\/\/shopify\/Order\/450789469"}""", true)]
    [InlineData("not even JSON 450789469", true)]
    [InlineData("""{"id":4507894690,"x":"1450789469"}""", false)]
    [InlineData("""{"order_id": 12}""", true)]
    [InlineData("""{"orderId":"12"}""", true)]
    [InlineData("""<order id="12"/>""", true)]
    [InlineData("gid://shopify/Order/12", true)]
    [InlineData("""{"quantity":12,"price":"12","grid":{"x":12}}""", false)]
    [InlineData("""{"reference":"A/1 b"}""", true)]
    [InlineData("", false)]
    public void A_body_names_the_buyer_by_address_or_by_an_order(string body, bool names)
    {
        var words = new BuyerWords(new Buyer(["450789469", "12", "A/1 b"], " Zoï+tag@example.net "));

        Assert.Equal(names, words.AreIn(ReceiptOf(Encoding.UTF8.GetBytes(body))));
        Assert.Equal(names, words.AreIn(ReceiptOf([]) with
        {
            Fetched = new FetchedDocument(Encoding.UTF8.GetBytes(body), default),
        }));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_searched_as_far_as_they_are_one() => Assert.True(
        new BuyerWords(new Buyer([], "a@b.c")).AreIn(ReceiptOf([0, 255, 0xc3, .. "a@b.c"u8, 0xff])));

    private static Receipt ReceiptOf(byte[] body) => new()
    {
        Id = Guid.Empty,
        Source = "acme",
        Topic = "",
        Body = body,
        ReceivedAt = default,
    };
}
