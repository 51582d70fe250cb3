using ActorMon.Host.Node;

return await NodeProgram.RunAsync(args);
