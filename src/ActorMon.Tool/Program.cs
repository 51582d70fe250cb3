using System.Text;
using ActorMon.Tool;

// A dump writes millions of lines: the console's own writer would flush each.
await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
return await ToolProgram.RunAsync(args, Console.OpenStandardInput(), output, Console.Error, TimeProvider.System);
