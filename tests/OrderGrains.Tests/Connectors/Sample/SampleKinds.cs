using System.ComponentModel.DataAnnotations;
using OrderGrains.Configuration;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;

namespace OrderGrains.Tests.Connectors.Sample;

/// <summary>The line in the list.</summary>
internal static class SampleKinds
{
    public static Kinds WithSample { get; } = new(
        [.. Kinds.Known.Sources, new SampleShopKind(), new SampleQueueKind()],
        [.. Kinds.Known.Warehouses, new FileWarehouseKind()], Kinds.Known.Subscribers, Kinds.Known.Shops);
}

internal sealed class SampleShopKind : ISourceKind
{
    public string Name => "Sample";

    public bool IsStorefront => true;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts) =>
        new SampleShop(name, settings.Read<SampleShopOptions>());
}

public sealed class SampleShopOptions
{
    /// <summary>What a sender writes into the header <c>X-Password</c>.</summary>
    [Required, MinLength(8)] public string? Password { get; set; }
}

internal sealed class SampleQueueKind : ISourceKind
{
    public string Name => "SampleQueue";

    public bool IsStorefront => true;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts) =>
        new SampleQueue(name, settings.Read<SampleQueueOptions>());
}

public sealed class SampleQueueOptions
{
    /// <summary>Each order is a file there, until it is taken.</summary>
    [Required] public string? Folder { get; set; }
}

internal sealed class FileWarehouseKind : IDestinationKind
{
    public string Name => "Files";

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<FileWarehouseOptions>();
        if (options.Folder is { } folder && !Directory.Exists(folder))
            settings.Mistake("Folder", "must be there");
        return _ => new WarehouseDestination(new FileWarehouse(options.Folder!));
    }
}

public sealed class FileWarehouseOptions
{
    /// <summary>Each order is a file there, named as its reference.</summary>
    [Required] public string? Folder { get; set; }
}
