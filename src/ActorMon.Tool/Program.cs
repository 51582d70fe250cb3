using ActorMon.Tool;

return ToolProgram.Run(args, Console.Out, Console.Error);
