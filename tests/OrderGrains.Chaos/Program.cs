using OrderGrains.Chaos;
using OrderGrains.Chaos.Cluster;

if (args is ["cluster" or "rollout" or "sellout", ..]) return await ClusterCommand.RunAsync(args, ChaosCommand.Usage);
return await ChaosCommand.RunAsync(args);
