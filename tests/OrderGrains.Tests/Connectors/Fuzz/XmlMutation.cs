using System.Text;

namespace OrderGrains.Tests.Connectors.Fuzz;

/// <summary>Makes XML say something else, and often stay XML.</summary>
internal sealed class XmlMutation(Random draw)
{
    private static readonly string[] Texts =
    [
        "", " ", "-1", "2.5", "1e9", "99999999999999999999999999999999", "999999999999999999999999", "true",
        "2026-13-45T99:99:99", "9999-12-31T23:59:59", "0001-01-01T00:00:00", "2026-03-08T02:30:00", "&lt;&amp;&gt;",
        "&#0;", "&#xD800;", "&#x1F600;", "&#10;", "&e;", "]]>", "<![CDATA[<a>]]>", "<![CDATA[", "<!-- x -->",
        "<!-- -- -->", "<?php x ?>", "<?xml version=\"1.0\"?>", "\u202e\u200b", "\ufffe", "e\u0301", "İ", "\u001b",
        "\u0000", "a%2Fb", "..", "javascript:alert(1)", "<a/>", "<a b='1' b='2'/>", "<o:a/>", "<a xmlns:o='urn:x'/>",
        "<a xmlns=''/>", "<xml:a/>", "<a xmlns:xml='urn:x'/>", "<:a/>", "<a:b:c/>", "<1/>",
    ];

    private static readonly string[] Prologs =
    [
        "<!DOCTYPE order>", "<!DOCTYPE order SYSTEM 'file:///etc/hostname'>",
        "<!DOCTYPE order [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>",
        "<!DOCTYPE order [<!ENTITY e 'x'><!ENTITY f '&e;&e;&e;&e;'>]>",
        "<!DOCTYPE order [<!ENTITY % p SYSTEM 'x'> %p;]>", "<?xml version='1.0' encoding='utf-16'?>",
        "<?xml version='1.0' encoding='utf-7'?>", "<?xml version='1.0' encoding='iso-8859-1'?>",
        "<?xml version='1.0' encoding='nonsense'?>", "<?xml version='1.1'?>", "<?xml-stylesheet href='x'?>", " ",
        "\ufeff",
    ];

    public byte[] Of(byte[] sample)
    {
        var text = Encoding.UTF8.GetString(sample);
        for (var times = draw.Next(1, 4); times > 0; times--)
            text = Once(text);
        return Encoding.UTF8.GetBytes(text);
    }

    private string Once(string text)
    {
        var (open, close) = (IndexOf(text, '<'), IndexOf(text, '>'));
        var behind = Math.Min(close + 1, text.Length);
        switch (draw.Next(9))
        {
            case 0:
                // What stood before an element that begins is replaced by another text.
                var from = text.LastIndexOf('>', Math.Max(0, open - 1)) + 1;
                return from > open ? text : text[..from] + draw.Pick(Texts) + text[open..];
            case 1:
                return draw.Pick(Prologs) + (draw.Next(2) == 0 ? text : text[(text.IndexOf('>') + 1)..]);
            case 2:
                return text.Insert(behind, draw.Pick(Texts));
            case 3:
                return open < close ? text.Remove(open, behind - open) : text;
            case 4:
                var depth = draw.Pick(8, 63, 70, 5_000);
                return text.Insert(
                    behind, string.Concat(Enumerable.Repeat("<a>", depth)) + "1"
                        + (draw.Next(4) == 0 ? "" : string.Concat(Enumerable.Repeat("</a>", depth))));
            case 5:
                return text.Insert(behind, string.Concat(Enumerable.Repeat(
                    draw.Pick("x", "é", "9", " ", "<", "&", "<a/>", "<a b=''/>", "<o:line/>", "<![CDATA[]]>"),
                    Mutation.Times(draw))));
            case 6:
                var line = text.IndexOf("<line ", StringComparison.Ordinal);
                var end = text.IndexOf("</line>", StringComparison.Ordinal) + "</line>".Length;
                if (line < 0 || end <= line)
                    return text;
                var (piece, count) = (text[line..end], Mutation.Times(draw));
                count = Math.Min(count, Mutation.BodyBytesMax / piece.Length);
                return text.Insert(line, string.Concat(Enumerable.Repeat(piece, count)));
            case 7:
                return text.Insert(
                    Math.Max(0, close - (close > 0 && text[close - 1] == '/' ? 1 : 0)),
                    draw.Pick(
                        " no='2'", " a=''", " xmlns='urn:x'", " xmlns:o='urn:y'", " o:a='1'",
                        " no=\"&#xD800;\"", " no", "="));
            default:
                return text.Replace(
                    draw.Pick("line", "order", "urn:example:order", "head", "id", "utf-8"),
                    draw.Pick("line", "o:line", "x", "", "İ", "a b"), StringComparison.Ordinal);
        }
    }

    /// <summary>Where such a letter stands, somewhere behind a place that is drawn; 0 when nowhere.</summary>
    private int IndexOf(string text, char letter) =>
        text.Length == 0 ? 0 : Math.Max(0, text.IndexOf(letter, draw.Next(text.Length)));
}
