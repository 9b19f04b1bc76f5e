const webpack = require('webpack');

module.exports = {
  mode: 'production',
  plugins: [new webpack.EnvironmentPlugin({ API_PORT: null })],
};
