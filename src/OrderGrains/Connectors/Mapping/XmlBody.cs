using System.Xml;
using System.Xml.Linq;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Mapping;

/// <summary>
/// Parses a receipt's body as XML, and keeps every malformed one from becoming an exception. There are no document
/// types, so no entities but the five of XML itself, and nothing is fetched.
/// </summary>
internal static class XmlBody
{
    /// <summary>As deep as JSON may be.</summary>
    private const int DepthMax = 64;

    public static Reading Read(Receipt receipt, Func<XElement, Reading> translate)
    {
        if (receipt.Body.IsEmpty)
            return new Reading.Unreadable("the body is empty");
        try
        {
            using (var depth = Open(receipt.Body))
            {
                while (depth.Read())
                {
                    if (depth.Depth > DepthMax)
                        return new Reading.Unreadable($"the body is nested deeper than {DepthMax}");
                }
            }

            using var reader = Open(receipt.Body);
            return translate(XDocument.Load(reader).Root!);
        }
        catch (XmlException error)
        {
            // The parser's own message repeats names of the body.
            return new Reading.Unreadable("the body is not XML without a DTD"
                + (error.LineNumber > 0 ? $": line {error.LineNumber}, character {error.LinePosition}" : ""));
        }
    }

    private static XmlReader Open(ReadOnlyMemory<byte> body) => XmlReader.Create(
        new MemoryStream(body.ToArray()),
        new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        });
}
