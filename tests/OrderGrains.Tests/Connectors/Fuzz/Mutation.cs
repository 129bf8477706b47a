using System.Text;

namespace OrderGrains.Tests.Connectors.Fuzz;

/// <summary>Makes a body wrong, as the seed has it: its bytes, and what it says.</summary>
internal static class Mutation
{
    /// <summary>As long as the endpoint lets in.</summary>
    public const int BodyBytesMax = 2 * 1024 * 1024;

    /// <summary>Few bodies are blown up: each takes as long as hundreds of the others.</summary>
    private const int BlownUpOneIn = 200;

    /// <param name="sample">A body that is right.</param>
    /// <param name="isXml">Whether it is XML; otherwise it is JSON.</param>
    /// <param name="draw">The chance.</param>
    public static byte[] Of(byte[] sample, bool isXml, Random draw)
    {
        var body = sample;
        if (draw.Next(8) > 0)
            body = isXml ? new XmlMutation(draw).Of(sample) : new JsonMutation(draw).Of(sample);
        if (draw.Next(6) == 0)
            body = OfBytes(body, draw);
        return body.Length <= BodyBytesMax ? body : body[..BodyBytesMax];
    }

    /// <summary>How often something stands there that should stand there once.</summary>
    public static int Times(Random draw) => draw.Next(BlownUpOneIn) == 0 ? draw.Next(1_000, 60_000) : draw.Next(2, 9);

    private static byte[] OfBytes(byte[] body, Random draw)
    {
        var bytes = body.ToList();
        for (var times = draw.Next(1, 5); times > 0; times--)
        {
            var at = draw.Next(bytes.Count + 1);
            var length = Math.Min(draw.Next(1, 40), bytes.Count - at);
            switch (draw.Next(9))
            {
                case 0:
                    for (var i = at; i < at + length; i++)
                        bytes[i] ^= (byte)(1 << draw.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    var put = new byte[draw.Next(1, 9)];
                    draw.NextBytes(put);
                    bytes.InsertRange(at, put);
                    break;
                case 5:
                    bytes.InsertRange(0, Encoding.UTF8.Preamble.ToArray());
                    break;
                case 6:
                    bytes = [.. bytes, .. bytes];
                    break;
                case 7:
                    bytes.Insert(at, 0);
                    break;
                default:
                    var text = Encoding.UTF8.GetString([.. bytes]);
                    bytes = [.. draw.Pick(Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32).GetBytes(text)];
                    break;
            }
        }

        return [.. bytes];
    }

    public static T Pick<T>(this Random draw, params ReadOnlySpan<T> among) => among[draw.Next(among.Length)];
}
