// The API reference.
import './styles/app.css';
