using Microsoft.AspNetCore.Razor.TagHelpers;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console.Pages;

/// <summary><c>&lt;pill of="…" /&gt;</c>: where something stands, in a word and a colour.</summary>
[HtmlTargetElement("pill", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PillTagHelper : TagHelper
{
    public Enum? Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"pill {Tone(Of)}");
        output.Content.SetContent(Text(Of));
    }

    /// <summary>Good is over and well; busy goes on by itself; warn may need a person; bad does.</summary>
    private static string Tone(Enum? value) => value switch
    {
        OrderStatus.Shipped or ReceiptOutcome.Applied or ReleaseStatus.Shipped or BreakerState.Closed => "good",
        OrderStatus.Received or OrderStatus.Allocated or OrderStatus.Released or OrderStatus.PartiallyShipped
            or ReceiptOutcome.Pending or ReleaseStatus.Requested or ReleaseStatus.Accepted => "busy",
        OrderStatus.Backordered or OrderStatus.OnHold or ReleaseStatus.Cancelling or BreakerState.Failing => "warn",
        ReceiptOutcome.Parked or ReleaseStatus.Refused or BreakerState.Open => "bad",
        _ => "mute",
    };

    private static string Text(Enum? value) => value switch
    {
        null => "",
        BreakerState.Closed => "Working",
        BreakerState.Failing => "Failing",
        BreakerState.Open => "Down",
        BreakerState.Unknown => "No answer",
        _ => Words.Label(value.ToString()),
    };
}
