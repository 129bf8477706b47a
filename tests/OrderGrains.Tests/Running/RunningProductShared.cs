using Xunit;

namespace OrderGrains.Tests.Running;

/// <summary>Classes that share one running product; they run one after the other.</summary>
[CollectionDefinition(nameof(RunningProduct))]
public sealed class RunningProductShared : ICollectionFixture<RunningProduct>;
