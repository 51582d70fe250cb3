// Each test runs several nodes; side by side they starve each other, and a starved node is taken for dead.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
