// Every test starts several processes and times what they do: one test at a time keeps the figures of a small machine meaningful.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
