// grpc-js loads this package only to serve channelz, which is off here.
