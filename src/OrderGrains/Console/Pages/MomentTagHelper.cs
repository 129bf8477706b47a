using Microsoft.AspNetCore.Razor.TagHelpers;

namespace OrderGrains.Console.Pages;

/// <summary><c>&lt;moment at="…" /&gt;</c>: how long ago, with the exact time for whoever points at it.</summary>
[HtmlTargetElement("moment", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class MomentTagHelper(TimeProvider time) : TagHelper
{
    public DateTimeOffset? At { get; set; }

    /// <summary>Shows the exact time too.</summary>
    public bool Full { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (At is not { } at)
        {
            output.TagName = "span";
            output.TagMode = TagMode.StartTagAndEndTag;
            output.Attributes.SetAttribute("class", "none");
            output.Content.SetContent("–");
            return;
        }

        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", at.Iso());
        output.Attributes.SetAttribute("title", at.Absolute());
        output.Attributes.SetAttribute("data-relative", "");
        output.Content.SetContent(at.Relative(time.GetUtcNow()));
        if (Full)
            output.PreElement.SetHtmlContent("").Append($"{at.Absolute()} · ");
    }
}
