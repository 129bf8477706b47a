using OrderGrains.Tests.Tidy;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace OrderGrains.Tests.Deployment;

/// <summary>The project's YAML as its readers see it: aliases and merge keys resolved.</summary>
internal static class Yaml
{
    /// <summary>All documents of a file of the project.</summary>
    public static IReadOnlyList<YamlNode> Read(string path)
    {
        using var text = new StreamReader(Path.Combine(SourceTree.Root, path));
        var parser = new MergingParser(new Parser(text));
        var deserializer = new DeserializerBuilder().Build();
        var serializer = new SerializerBuilder().DisableAliases().Build();
        var documents = new List<YamlNode>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            var plain = new YamlStream();
            plain.Load(new StringReader(serializer.Serialize(deserializer.Deserialize(parser))));
            documents.Add(plain.Documents[0].RootNode);
        }

        return documents;
    }

    /// <summary>The node at a path of names and indices; null where there is none.</summary>
    public static YamlNode? Find(this YamlNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = node switch
            {
                YamlMappingNode map => map.Children.TryGetValue(step, out var child) ? child : null,
                YamlSequenceNode list when int.TryParse(step, out var at) && at < list.Children.Count => list[at],
                _ => null,
            };
        }

        return node;
    }

    public static YamlNode Get(this YamlNode node, params ReadOnlySpan<string> path) =>
        node.Find(path) ?? throw new KeyNotFoundException(string.Join('/', path!));

    public static string Text(this YamlNode node, params ReadOnlySpan<string> path) =>
        ((YamlScalarNode)node.Get(path)).Value!;

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => node as YamlSequenceNode ?? [];

    /// <summary>The entries of a mapping by name.</summary>
    public static IEnumerable<(string Name, YamlNode Value)> Entries(this YamlNode? node) =>
        (node as YamlMappingNode)?.Children.Select(e => (((YamlScalarNode)e.Key).Value!, e.Value)) ?? [];
}
