import { registerRootComponent } from 'expo';
import { Button } from 'react-native';

registerRootComponent(() => <Button title="Ask" onPress={() => fetch('http://localhost:48123/stock')} />);
