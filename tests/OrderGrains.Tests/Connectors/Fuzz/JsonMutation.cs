using System.Text;
using System.Text.Json;

namespace OrderGrains.Tests.Connectors.Fuzz;

/// <summary>Makes JSON say something else, and mostly stay JSON.</summary>
internal sealed class JsonMutation(Random draw)
{
    /// <summary>Values, as they are written, that some reader somewhere has stumbled over.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "2.5", "3.0", "30e-1", "1e400", "-1e400", "1E-400",
        "1e999999999", "9007199254740993", "9223372036854775808", "-9223372036854775809",
        "99999999999999999999999999999999", "999999999999999999999999", "1000001", "-2147483649",
        "0.00000000000000000000000000001", "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"",
        "\"\\udc00 \\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u202e\\u200b\\ufeff\"", "\"\\u2028\\u0085\\u001b[2J\"",
        "\"\\ufffe\\uffff\"", "\"e\\u0301\\u0344\\ufb2c\"", "\"İ\"", "\"'; drop table receipt; --\"", "\"<script>\"",
        "\"../..\"", "\".\"", "\"a%2Fb\"", "\"a/b\"", "\"a|b#c\"", "\"NaN\"", "\"Infinity\"", "\"-1\"", "\"1e9\"",
        "\"3.000\"", "\"99999999999999999999999999999999\"", "\"0x10\"", "\"+1\"", "\"1,5\"", "\"true\"", "\"yes\"",
        "\"null\"", "\"2026-13-45T99:99:99Z\"", "\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00+14:00\"",
        "\"2026-08-01T12:00:00.9999999999999999Z\"", "\"2026-08-01\"", "\"2026-08-01T12:00:00\"", "\"12:00\"",
        "\"2099-01-01T00:00:00Z\"", "\"29.02.2027 25:61\"", "\"javascript:alert(1)\"", "[]", "{}", "[null]", "[[]]",
        "[{}]", "{\"\":{}}", "{\"\\ud800\":1}", "[0,\"\",null,{},[]]",
    ];

    private static readonly string[] Names =
    [
        "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"id\"", "\"type\"", "\"data\"", "\"__proto__\"", "\"\\u0069d\"",
        "\"ID\"",
    ];

    /// <summary>Mappings may have comments.</summary>
    private static readonly JsonDocumentOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly StringBuilder _written = new();
    private readonly List<JsonElement> _all = [];
    private HashSet<int> _chosen = [];
    private int _at;

    public byte[] Of(byte[] sample)
    {
        using var document = JsonDocument.Parse(sample, Lenient);
        Collect(document.RootElement);
        // Of large documents mostly what stands at the beginning is read.
        var among = draw.Next(2) == 0 ? _all.Count : Math.Min(_all.Count, 60);
        _chosen = [.. Enumerable.Range(0, draw.Pick(1, 1, 1, 2, 4)).Select(_ => draw.Next(among))];
        Write(document.RootElement);
        // An unpaired half of a surrogate is only ever written as an escape.
        return Encoding.UTF8.GetBytes(_written.ToString());
    }

    private void Collect(JsonElement value)
    {
        _all.Add(value);
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
                Collect(member.Value);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                Collect(item);
        }
    }

    private void Write(JsonElement value)
    {
        if (_chosen.Contains(_at++))
            WriteOtherwise(value);
        else
            WriteAsItIs(value, changed: false);
    }

    private void WriteOtherwise(JsonElement value)
    {
        switch (draw.Next(10))
        {
            case 0:
                _written.Append(draw.Pick(_all.ToArray()).GetRawText());
                break;
            case 1:
                _written.Append('[').Append(value.GetRawText()).Append(']');
                break;
            case 2:
                _written.Append(JsonSerializer.Serialize(value.GetRawText()));
                break;
            case 3:
                var depth = draw.Pick(8, 63, 70, 5_000);
                var (open, close) = draw.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
                _written.Insert(_written.Length, open, depth).Append('1').Insert(_written.Length, close, depth);
                break;
            case 4:
                _written.Append('"').Insert(
                    _written.Length, draw.Pick("x", "é", "\\ud800", "😀", "\\u0000", "9", "e\\u0301"), Long())
                    .Append('"');
                break;
            case 5:
                _written.Append(draw.Pick("", "-")).Insert(_written.Length, "9", Long())
                    .Append(draw.Pick("", ".5", "e9", "e-9"));
                break;
            case < 8 when value.ValueKind is JsonValueKind.Object or JsonValueKind.Array:
                WriteAsItIs(value, changed: true);
                return;
            default:
                _written.Append(draw.Pick(Values));
                break;
        }

        _at += Count(value) - 1;
    }

    private int Long() => draw.Next(20) == 0 ? Mutation.Times(draw) : draw.Next(1, 400);

    private void WriteAsItIs(JsonElement value, bool changed)
    {
        if (value.ValueKind == JsonValueKind.Object)
            WriteObject(value, changed);
        else if (value.ValueKind == JsonValueKind.Array)
            WriteArray(value, changed);
        else
            _written.Append(value.GetRawText());
    }

    private void WriteObject(JsonElement value, bool changed)
    {
        var members = value.EnumerateObject().ToList();
        var odd = changed && members.Count > 0 ? draw.Next(members.Count) : -1;
        var how = draw.Next(5);
        _written.Append('{');
        for (var i = 0; i < members.Count; i++)
        {
            var name = JsonSerializer.Serialize(members[i].Name);
            if (i == odd && how == 0)
            {
                _at += Count(members[i].Value);
                continue;
            }

            Part();
            if (i == odd && how == 1)
            {
                _written.Append(name).Append(':').Append(draw.Pick(Values));
                Part();
            }

            _written.Append(i == odd && how == 2 ? draw.Pick(Names) : name).Append(':');
            Write(members[i].Value);
            if (i == odd && how == 3)
                _written.Append(',').Append(name).Append(':').Append(draw.Pick(Values));
        }

        if (changed && how == 4)
        {
            var name = draw.Next(2) == 0 ? draw.Pick(Names) : null;
            for (var times = Mutation.Times(draw); times > 0; times--)
            {
                Part();
                _written.Append(name ?? draw.Pick(Names)).Append(':').Append(draw.Pick(Values));
            }
        }

        _written.Append('}');
    }

    private void WriteArray(JsonElement value, bool changed)
    {
        var items = value.EnumerateArray().ToList();
        var how = draw.Next(4);
        _written.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (changed && how == 0 && i == 0)
            {
                _at += Count(items[i]);
                continue;
            }

            Part();
            Write(items[i]);
            for (var times = changed && how == 1 ? Mutation.Times(draw) : 0; times > 0; times--)
            {
                // More than the endpoint lets in need not be written.
                if (_written.Length < Mutation.BodyBytesMax)
                    _written.Append(',').Append(items[i].GetRawText());
            }
        }

        for (var times = changed && how == 2 ? Mutation.Times(draw) : 0; times > 0; times--)
        {
            Part();
            _written.Append(draw.Pick(Values));
        }

        _written.Append(']');
    }

    private void Part()
    {
        if (_written[^1] is not ('{' or '['))
            _written.Append(',');
    }

    private static int Count(JsonElement value) => 1 + value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Sum(member => Count(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Sum(Count),
        _ => 0,
    };
}
